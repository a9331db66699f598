"""Challenges for passkeys, kept in the session between the page and its answer: each counts once."""

import secrets

from django.http import HttpRequest

from keyholder.domain.identifiers import PrincipalId
from keyholder.services import passkeys
from keyholder.services.passkeys import CHALLENGE_BYTES, Challenge

CHALLENGE = "challenge"


def ask_for_one(request: HttpRequest, user: PrincipalId | None) -> str:
    """Ask for a passkey of a person, or of whoever it is, and return the options for the browser."""
    asked = passkeys.ask_for_one(user, secrets.token_bytes(CHALLENGE_BYTES))
    request.session[CHALLENGE] = asked.challenge
    return asked.options


def ask_for_new(request: HttpRequest, user: PrincipalId) -> str:
    """Ask for a new passkey of a person and return the options for the browser."""
    asked = passkeys.ask_for_new(user, secrets.token_bytes(CHALLENGE_BYTES))
    request.session[CHALLENGE] = asked.challenge
    return asked.options


def taken(request: HttpRequest) -> Challenge:
    """Return what was asked, and forget it; empty where nothing was, which no answer fits."""
    found: Challenge = request.session.pop(CHALLENGE, None) or {}
    return found
