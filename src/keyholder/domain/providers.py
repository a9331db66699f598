"""Identity providers: where people can prove who they are, and what a provider says about itself (semantics 7, R-OIDC-7).

What is written here is pure: an address is judged and a document read; who fetches it is somebody else.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from keyholder.domain.addresses import Address
from keyholder.domain.refusals import Conflict, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""The signatures that are taken: those of a key pair. Never none, and never one that the client's own secret could make."""
USUAL_SCOPES = "openid email profile"
WELL_KNOWN = "/.well-known/openid-configuration"
LONGEST_URL = 500

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)
_SCOPE = re.compile(r"[!#-\[\]-~]{1,100}", re.ASCII)
_PRINTABLE = re.compile(r"[!-~]+", re.ASCII)
_NOT_A_KEY = _("A key holds 1 to 40 of the letters a to z, digits and hyphens.")
_NOT_AN_ISSUER = _("An issuer is an https address without a question mark or #; http only on this very machine.")
_NOT_A_CLIENT = _("The id and the secret that the provider gave out hold 1 to 500 printable characters without spaces.")
_NOT_SCOPES = _("Scopes are words parted by spaces, and openid and email are among them.")
_WRONG_ISSUER = _("The provider calls itself {found}, not {issuer}: enter the issuer exactly as the provider writes it.")
_UNFIT = _("The provider can't be used: its description says nothing usable about {member}.")


class Method(StrEnum):
    """How the client shows its secret to the provider."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a provider says about itself, judged."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    algorithms: tuple[str, ...]
    method: Method
    says_issuer: bool
    """It names itself in every answer (RFC 9207), so an answer without its name is not its own."""


@dataclass(frozen=True, slots=True)
class External:
    """What a provider has proven about somebody: the pair that is theirs for ever, and the address as of this sign-in (R-OIDC-1)."""

    provider: str
    issuer: str
    subject: str
    address: Address
    name: str = ""


def clean_provider_key(text: str) -> str:
    """Return the key by which addresses name a provider; raises Invalid."""
    if not _KEY.fullmatch(text):
        raise Invalid("key", sentence(_NOT_A_KEY), place="key")
    return text


def clean_issuer(text: str) -> str:
    """Return an issuer exactly as it was given, for it is compared letter by letter; raises Invalid."""
    if not is_secure(text) or "?" in text or "#" in text:
        raise Invalid("issuer", sentence(_NOT_AN_ISSUER), place="issuer")
    return text


def clean_credential(text: str, place: str) -> str:
    """Return a client's id or secret; raises Invalid for none and for one with spaces."""
    if not _PRINTABLE.fullmatch(text) or len(text) > LONGEST_URL:
        raise Invalid(place, sentence(_NOT_A_CLIENT), place=place)
    return text


def clean_scopes(text: str) -> str:
    """Return scopes parted by one space each; without an address nobody gets in, so ``openid`` and ``email`` have to be there."""
    words = list(dict.fromkeys(text.split()))
    if not {"openid", "email"} <= set(words) or not all(_SCOPE.fullmatch(word) for word in words) or len(text) > LONGEST_URL:
        raise Invalid("scopes", sentence(_NOT_SCOPES), place="scopes")
    return " ".join(words)


def is_secure(url: object, *, loopback: bool = True) -> bool:
    """Say whether an address may be talked to: https, or where ``loopback`` is allowed http on this very machine."""
    if not isinstance(url, str) or not _PRINTABLE.fullmatch(url) or len(url) > LONGEST_URL or "\\" in url:
        return False
    try:
        parts, _port = urlsplit(url), urlsplit(url).port
    except ValueError:
        return False
    if not parts.hostname or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (loopback and parts.scheme == "http" and is_loopback(parts.hostname))


def is_loopback(host: str) -> bool:
    """Say whether a host is this very machine, as it is written: names are not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address: what a page's policy names."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def discovery_url(issuer: str) -> str:
    """Return where a provider describes itself."""
    return issuer.rstrip("/") + WELL_KNOWN


def read_discovery(document: object, issuer: str) -> Discovery:
    """Read a provider's description of itself. Raises Conflict where it is another's, or can't be used with what is trusted here."""
    if not isinstance(document, Mapping):
        raise _unfit("issuer")
    if document.get("issuer") != issuer:
        raise Conflict("wrong_issuer", sentence(_WRONG_ISSUER, found=str(document.get("issuer", "-"))[:LONGEST_URL], issuer=issuer))
    loopback = issuer.startswith("http://")
    endpoints = {name: _endpoint(document, name, loopback=loopback) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    userinfo = _endpoint(document, "userinfo_endpoint", loopback=loopback) if "userinfo_endpoint" in document else ""
    if "code" not in _words(document, "response_types_supported", ("code",)):
        raise _unfit("response_types_supported")
    if "S256" not in _words(document, "code_challenge_methods_supported", ("S256",)):
        raise _unfit("code_challenge_methods_supported")
    announced = _words(document, "id_token_signing_alg_values_supported", ("RS256",))
    algorithms = tuple(name for name in ALGORITHMS if name in announced)
    if not algorithms:
        raise _unfit("id_token_signing_alg_values_supported")
    methods = _words(document, "token_endpoint_auth_methods_supported", (Method.BASIC.value,))
    method = next((method for method in Method if method.value in methods), None)
    if method is None:
        raise _unfit("token_endpoint_auth_methods_supported")
    return Discovery(
        issuer,
        endpoints["authorization_endpoint"],
        endpoints["token_endpoint"],
        endpoints["jwks_uri"],
        userinfo,
        algorithms,
        method,
        document.get("authorization_response_iss_parameter_supported") is True,
    )


def _endpoint(document: Mapping[str, object], member: str, *, loopback: bool) -> str:
    url = document.get(member)
    if not isinstance(url, str) or not is_secure(url, loopback=loopback) or "#" in url:
        raise _unfit(member)
    return url


def _words(document: Mapping[str, object], member: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    found = document.get(member, usual)
    if not isinstance(found, list | tuple):
        raise _unfit(member)
    return tuple(word for word in found if isinstance(word, str))


def _unfit(member: str) -> Conflict:
    return Conflict("unfit_provider", sentence(_UNFIT, member=member))
