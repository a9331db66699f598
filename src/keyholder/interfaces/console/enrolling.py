"""Enrolling an authenticator: the secret that waits in the session, sealed, and its picture."""

import io
import secrets
from collections.abc import Mapping
from typing import Any

import segno
from django.http import HttpRequest
from django.utils.safestring import SafeString

from keyholder.domain import codes
from keyholder.domain.refusals import Conflict
from keyholder.services import seals
from keyholder.services.commands.factors import NewAuthenticator
from keyholder.services.seals import Use

SECRET = "enrolling"  # noqa: S105 - the name under which a session keeps one, sealed
ISSUER = "Keyholder"


def secret_of(request: HttpRequest) -> str:
    """Return the secret that is being set up in this session, or a new one."""
    kept = request.session.get(SECRET, "")
    try:
        return seals.unseal(kept, Use.AUTHENTICATOR)
    except Conflict:
        secret = codes.secret_of(secrets.token_bytes(codes.SECRET_BYTES))
        request.session[SECRET] = seals.seal(secret, Use.AUTHENTICATOR)
        return secret


def done(request: HttpRequest) -> None:
    """Forget the secret that was set up."""
    request.session.pop(SECRET, None)


def new_authenticator(given: Mapping[str, Any], secret: str) -> NewAuthenticator:
    """Return what a filled form sets up."""
    return NewAuthenticator(given["name"], secret, given["code"], random_codes())


def random_codes() -> bytes:
    """Return the random bytes of ten recovery codes."""
    return secrets.token_bytes(codes.RECOVERY_CODES * codes.RECOVERY_BYTES)


def picture(secret: str, account: str) -> SafeString:
    """Return the picture that an authenticator reads, drawn into the page: nothing is fetched from anywhere."""
    drawn = io.BytesIO()
    code = segno.make(codes.address_of(secret, account, ISSUER), error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, dark="#000", light="#fff")
    return SafeString(drawn.getvalue().decode())
