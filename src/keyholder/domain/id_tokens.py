"""ID tokens: what a provider's statement about somebody has to say before it is believed (R-OIDC-2, R-OIDC-7).

Everything fails closed: a claim of another type than it must have is as good as a wrong one.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from keyholder.domain.addresses import Address
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

SKEW = 60
"""Seconds by which the provider's clock may differ from ours."""
LATEST = 2**53
"""Seconds; a later moment is no number that everybody reads alike."""
LONGEST_SUBJECT = 255
HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}

_SUBJECT = re.compile(r"[ -~]+", re.ASCII)
_UNTRUSTED = _("The provider's answer was not believed: {claim} does not fit.")
_UNPROVEN = _("The provider does not vouch for your e-mail address. Confirm it there, then come back.")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must be about: this provider, this client, this very attempt to sign in."""

    issuer: str
    client: str
    nonce: str
    """SHA-256 of what was sent along, in hexadecimal."""


def untrusted(claim: str) -> Forbidden:
    """Make the refusal of an answer, by the technical name of what does not fit."""
    return Forbidden("untrusted_answer", sentence(_UNTRUSTED, claim=claim))


def judge(claims: Mapping[str, object], expected: Expected, at: float) -> str:
    """Return the subject of a token whose signature was found right; ``at`` is in seconds since 1970. Raises Forbidden."""
    if claims.get("iss") != expected.issuer:
        raise untrusted("iss")
    _judge_audience(claims, expected.client)
    if _moment(claims, "exp") + SKEW <= at:
        raise untrusted("exp")
    for claim in ("iat", "nbf"):
        if (claim == "iat" or claim in claims) and _moment(claims, claim) - SKEW > at:
            raise untrusted(claim)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(digest(nonce), expected.nonce):
        raise untrusted("nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or len(subject) > LONGEST_SUBJECT or not _SUBJECT.fullmatch(subject):
        raise untrusted("sub")
    return subject


def judge_access_token(claims: Mapping[str, object], algorithm: str, access_token: object) -> None:
    """Raise Forbidden where the token names an access token by its hash and another, or none, came along."""
    if "at_hash" not in claims:
        return
    found = claims["at_hash"]
    if not isinstance(found, str) or not isinstance(access_token, str):
        raise untrusted("at_hash")
    half = HASHES[algorithm[-3:]](access_token.encode("utf-8", "replace")).digest()
    expected = urlsafe_b64encode(half[: len(half) // 2]).rstrip(b"=").decode()
    if not hmac.compare_digest(found.encode("utf-8", "replace"), expected.encode()):
        raise untrusted("at_hash")


def verified_address(claims: Mapping[str, object], *, text_counts: bool = False) -> Address:
    """Return the address that a provider vouches for: only JSON ``true`` counts, or where the operator said so the text "true" (R-OIDC-2).

    Raises Forbidden for one it does not vouch for, and Invalid for one that is none.
    """
    verified = claims.get("email_verified")
    if verified is not True and not (text_counts and verified == "true"):
        raise Forbidden("unverified_address", sentence(_UNPROVEN))
    return Address.of(claims.get("email"))


def digest(secret: str) -> str:
    """Return what is kept of a secret that comes back: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _judge_audience(claims: Mapping[str, object], client: str) -> None:
    """Raise Forbidden unless the token is for this client: alone, or among others with this client as the party it was made for."""
    audience = claims.get("aud")
    members = [audience] if isinstance(audience, str) else audience
    if not isinstance(members, list) or client not in members or not all(isinstance(member, str) for member in members):
        raise untrusted("aud")
    if claims.get("azp", client) != client or (len(members) > 1 and "azp" not in claims):
        raise untrusted("azp")


def _moment(claims: Mapping[str, object], claim: str) -> float:
    found = claims.get(claim)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found < LATEST:
        raise untrusted(claim)
    return found
