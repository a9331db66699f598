"""Passkeys: challenges for the browser, and judging its answers by the library (WebAuthn). Whoever unlocks the device is seen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.act import Act
from keyholder.storage.models import Passkey, User

NAME = "Keyholder"
CHALLENGE_BYTES = 32
LONGEST_ANSWER = 20_000
"""Characters; a longer one is none."""
NOT_RIGHT = _("This passkey was not accepted. Try again, or use another way.")
KNOWN = _("This passkey is set up already.")

Challenge = Mapping[str, Any]
"""What was asked of the browser, as its session keeps it until the answer comes: a challenge counts once."""
Answer = str
"""What the browser answered, as JSON."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the browser: its options as JSON, and what to remember of it."""

    options: str
    challenge: Challenge


def ask_for_new(user: PrincipalId, random: bytes) -> Asked:
    """Ask a browser to make a passkey for a person; those that they have already are not made twice."""
    row = User.objects.get(pk=user)
    entity = PublicKeyCredentialUserEntity(id=str(row.pk).encode(), name=row.email, display_name=row.name)
    options, challenge = _server().register_begin(
        entity,
        _credentials(Passkey.objects.filter(user=row)),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=random,
    )
    return Asked(json.dumps(dict(options.public_key)), challenge)


def ask_for_one(user: PrincipalId | None, random: bytes) -> Asked:
    """Ask a browser to prove a passkey: one of a person's, or of nobody in particular, who chooses which."""
    known = _credentials(Passkey.objects.filter(user=user)) if user is not None else None
    options, challenge = _server().authenticate_begin(known, UserVerificationRequirement.REQUIRED, challenge=random)
    return Asked(json.dumps(dict(options.public_key)), challenge)


def add(act: Act, row: User, name: str, challenge: Challenge, answer: Answer) -> Passkey:
    """Write the passkey down that a browser made. Raises Invalid for what does not answer the challenge, Conflict for a known one."""
    try:
        data = _server().register_complete(challenge, _read(answer))
    except Exception as error:
        raise not_right() from error
    made = cast("AttestedCredentialData", data.credential_data)
    credential = websafe_encode(made.credential_id)
    if Passkey.objects.filter(credential=credential).exists():
        raise Conflict("passkey_known", sentence(KNOWN))
    passkey = Passkey(user=row, name=name, credential=credential, key=websafe_encode(bytes(made)), sign_count=data.counter, added_at=act.at)
    passkey.save(force_insert=True)
    return passkey


def owner(answer: Answer) -> PrincipalId | None:
    """Return whose passkey an answer speaks of; that it was proven is not said by that."""
    found = Passkey.objects.filter(credential=_credential(answer)).first()
    return PrincipalId(found.user_id) if found else None


def use(act: Act, challenge: Challenge, answer: Answer) -> Passkey:
    """Judge an answer to a challenge and return the passkey that was proven.

    Raises Invalid for what is no answer to it, for a passkey that nobody has, and for one whose count of uses went backwards: a copy.
    """
    found = Passkey.objects.filter(credential=_credential(answer)).first()
    if found is None:
        raise not_right()
    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        _server().authenticate_complete(challenge, _credentials([found]), response)
    except Exception as error:
        raise not_right() from error
    count = response.response.authenticator_data.counter
    if not _counts_on(found, count):
        raise not_right()
    Passkey.objects.filter(pk=found.pk).update(sign_count=count, used_at=act.at)
    return found


def not_right() -> Invalid:
    """Make the one refusal for a passkey that does not prove anything."""
    return Invalid("passkey", sentence(NOT_RIGHT))


def _counts_on(found: Passkey, count: int) -> bool:
    """Say whether the count of uses went on; a passkey that does not count stays at nought."""
    return count > found.sign_count or (count == found.sign_count == 0)


def _server() -> Fido2Server:
    public = urlsplit(settings.PUBLIC_URL)
    entity = PublicKeyCredentialRpEntity(id=public.hostname or "", name=NAME)
    return Fido2Server(entity, verify_origin=lambda origin: origin == f"{public.scheme}://{public.netloc}")


def _credentials(rows: Sequence[Passkey] | Any) -> list[AttestedCredentialData]:  # noqa: ANN401 - a query is no sequence to the checker
    return [AttestedCredentialData(websafe_decode(row.key)) for row in rows]


def _read(answer: Answer) -> Mapping[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise not_right()
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise not_right()
    return found


def _credential(answer: Answer) -> str:
    """Return the credential that an answer names; empty for what is no answer."""
    try:
        return str(_read(answer).get("id", ""))
    except ValueError:
        return ""
