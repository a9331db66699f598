"""ID tokens, read: the signature by one of the provider's own keys, then the claims (R-OIDC-7).

What a token says of its keys is ignored.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from keyholder.domain.id_tokens import Expected, judge, judge_access_token, untrusted
from keyholder.domain.refusals import Forbidden

LONGEST = 16 * 1024
"""Characters of a token."""
MOST_KEYS = 50
LEAST_RSA_BITS = 2048
KINDS = {"R": "RSA", "P": "RSA", "E": "EC"}
"""Which kind of key makes an algorithm, by its first letter."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a token says, once everything about it was found right."""

    subject: str
    claims: Mapping[str, object]


class UnknownKeyError(Exception):
    """No key of the provider fits: it may have changed its keys since they were fetched."""


def read(token: object, *, keys: object, algorithms: Sequence[str], expected: Expected, access_token: object, at: float) -> Statement:
    """Return what a token says. Raises Forbidden for one that is not to be believed, UnknownKeyError where fresh keys might help."""
    if not isinstance(token, str) or not token.isascii() or len(token) > LONGEST or token.count(".") != 2:  # noqa: PLR2004 - head, body, signature
        raise untrusted("id_token")
    head = _head(token)
    algorithm = head["alg"]
    if algorithm not in algorithms:
        raise untrusted("alg")
    candidates = list(_candidates(keys, str(algorithm), head.get("kid")))
    if not candidates:
        raise UnknownKeyError
    claims = _claims(token, str(algorithm), candidates)
    subject = judge(claims, expected, at)
    judge_access_token(claims, str(algorithm), access_token)
    return Statement(subject, claims)


def _head(token: str) -> Mapping[str, object]:
    """Return the token's head; one that demands what is not understood here is refused whole."""
    text = token.partition(".")[0]
    try:
        head = _object(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, Forbidden) as error:
        raise untrusted("id_token") from error
    if "crit" in head or "b64" in head:
        raise untrusted("crit")
    if not isinstance(head.get("alg"), str) or not isinstance(head.get("kid", ""), str):
        raise untrusted("alg")
    return head


def _candidates(keys: object, algorithm: str, kid: object) -> Iterator[RSAKey | ECKey]:
    """Go through the provider's keys that may have made a signature: of the right kind, for signing, by the name that the token gives."""
    found = keys.get("keys") if isinstance(keys, Mapping) else None
    listed: list[object] = found[:MOST_KEYS] if isinstance(found, list) else []
    for each in listed:
        if isinstance(each, dict) and _may_have_signed(each, algorithm, kid) and (key := _key(each)) is not None:
            yield key


def _may_have_signed(key: Mapping[str, object], algorithm: str, kid: object) -> bool:
    if key.get("kty") != KINDS[algorithm[0]] or key.get("use", "sig") != "sig" or key.get("alg", algorithm) != algorithm:
        return False
    return kid is None or key.get("kid") == kid


def _key(described: dict[str, str | list[str]]) -> RSAKey | ECKey | None:
    """Return a key; None for one that can't be read, or is too short to be trusted."""
    try:
        if described["kty"] == "EC":
            return ECKey.import_key(described)
        key = RSAKey.import_key(described)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return key if key.public_key.key_size >= LEAST_RSA_BITS else None


def _claims(token: str, algorithm: str, keys: Sequence[RSAKey | ECKey]) -> Mapping[str, object]:
    for key in keys:
        try:
            payload = jws.deserialize_compact(token, key, algorithms=[algorithm]).payload
        except (JoseError, ValueError):
            continue
        return _object(payload)
    raise untrusted("signature")


def _object(payload: bytes) -> Mapping[str, object]:
    """Return a token's claims: one object, each claim once, no number that is none."""
    try:
        claims: object = json.loads(payload.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise untrusted("claims") from error
    if not isinstance(claims, Mapping):
        raise untrusted("claims")
    return claims


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        message = "a claim stands there twice"
        raise ValueError(message)
    return members


def _no_number(name: str) -> object:
    message = f"{name} is not a number"
    raise ValueError(message)
