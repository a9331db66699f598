"""OpenID Connect as its client: what is asked of a provider, and what its answers have to be (semantics 7, R-OIDC-7).

The network is an argument: ``ask`` fetches. Nothing of a person is fetched by an address that a token names (R-OIDC-11).
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

from keyholder.domain.characters import escaped
from keyholder.domain.id_tokens import Expected, untrusted, verified_address
from keyholder.domain.names import LONGEST_NAME, clean_name
from keyholder.domain.providers import Discovery, External, Method, discovery_url, read_discovery
from keyholder.domain.refusals import Forbidden, Invalid
from keyholder.services import id_tokens
from keyholder.services.id_tokens import Statement, UnknownKeyError
from keyholder.services.known_providers import Provider, secret_of


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask a provider: an address, a form to send there with a name and a secret beside it, or a token that opens it."""

    url: str
    form: Mapping[str, str] | None = None
    basic: tuple[str, str] | None = None
    bearer: str = ""
    is_fresh: bool = False
    """What was remembered of an earlier answer does not do."""


Ask = Callable[[Question], object]


@dataclass(frozen=True, slots=True)
class Return:
    """With what somebody comes back from a provider, and what was remembered when they went."""

    code: str
    verifier: str
    nonce: str
    """Its SHA-256."""
    redirect: str


def discover(issuer: str, ask: Ask, *, is_fresh: bool = False) -> Discovery:
    """Fetch and judge what a provider says about itself; raises Conflict."""
    return read_discovery(ask(Question(discovery_url(issuer), is_fresh=is_fresh)), issuer)


def way_there(provider: Provider, discovery: Discovery, *, state: str, nonce: str, verifier: str, redirect: str) -> str:
    """Return the address at the provider where somebody proves who they are."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": redirect,
        "scope": provider.scopes,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{discovery.authorization}{'&' if '?' in discovery.authorization else '?'}{urlencode(asked)}"


def require_issuer(discovery: Discovery, named: str | None) -> None:
    """Raise Forbidden where an answer names another issuer, or none though this provider always does (RFC 9207)."""
    if named is None and not discovery.says_issuer:
        return
    if named != discovery.issuer:
        raise untrusted("iss")


def who(provider: Provider, discovery: Discovery, back: Return, ask: Ask, at: float) -> External:
    """Return who somebody is, by what the provider answers. Raises Forbidden for what is not to be believed, Conflict for no answer."""
    tokens = ask(_exchange(provider, discovery, back))
    if not isinstance(tokens, Mapping):
        raise untrusted("token")
    statement = _statement(provider, discovery, back, tokens, ask, at)
    claims = statement.claims
    if "email" not in claims and discovery.userinfo:
        claims = _userinfo(discovery, statement, tokens, ask)
    try:
        address = verified_address(claims, text_counts=provider.text_counts)
    except Invalid as refusal:
        raise Forbidden(refusal.code, refusal.sentence) from refusal
    return External(provider.name, discovery.issuer, statement.subject, address, _name(claims, address.canonical))


def _exchange(provider: Provider, discovery: Discovery, back: Return) -> Question:
    """Make the question that turns a code into tokens; the secret goes beside the form where the provider takes it there."""
    secret = secret_of(provider)
    form = {"grant_type": "authorization_code", "code": back.code, "redirect_uri": back.redirect, "code_verifier": back.verifier}
    if discovery.method is Method.BASIC:
        return Question(discovery.token, form, (quote_plus(provider.client), quote_plus(secret)))
    return Question(discovery.token, {**form, "client_id": provider.client, "client_secret": secret})


def _statement(provider: Provider, discovery: Discovery, back: Return, tokens: Mapping[str, object], ask: Ask, at: float) -> Statement:
    """Read the ID token; where no key that is remembered fits, the keys are fetched once more: providers change theirs."""
    expected = Expected(discovery.issuer, provider.client, back.nonce)
    for is_fresh in (False, True):
        keys = ask(Question(discovery.keys, is_fresh=is_fresh))
        try:
            return id_tokens.read(
                tokens.get("id_token"),
                keys=keys,
                algorithms=discovery.algorithms,
                expected=expected,
                access_token=tokens.get("access_token"),
                at=at,
            )
        except UnknownKeyError:
            continue
    raise untrusted("kid")


def _userinfo(discovery: Discovery, statement: Statement, tokens: Mapping[str, object], ask: Ask) -> Mapping[str, object]:
    """Ask for what the token leaves out. Both address and verification come from there, and it must be about the same subject."""
    bearer = tokens.get("access_token")
    if not isinstance(bearer, str) or not bearer.isascii() or not bearer.isprintable():
        raise untrusted("access_token")
    claims = ask(Question(discovery.userinfo, bearer=bearer))
    if not isinstance(claims, Mapping) or claims.get("sub") != statement.subject:
        raise untrusted("sub")
    return claims


def _name(claims: Mapping[str, object], otherwise: str) -> str:
    """Return the name that a provider gives, where it can be one here."""
    try:
        return clean_name(claims.get("name"))
    except Invalid:
        return escaped(otherwise)[:LONGEST_NAME]
