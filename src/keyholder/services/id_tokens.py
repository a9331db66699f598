"""ID tokens, read: the signature by one of the provider's own keys, then the claims (R-OIDC-7).

What a token says of its keys is ignored.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from keyholder.domain.id_tokens import Expected, judge, judge_access_token, untrusted

LONGEST = 16 * 1024
"""Characters of a token."""
MOST_KEYS = 50
LEAST_RSA_BITS = 2048
KINDS = {"R": RSAKey, "P": RSAKey, "E": ECKey}
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


def _head(token: str) -> dict[str, object]:
    """Return the token's head; one that demands what is not understood here is refused whole."""
    try:
        head: dict[str, object] = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise untrusted("id_token") from error
    if "crit" in head or "b64" in head:
        raise untrusted("crit")
    if not isinstance(head.get("alg"), str) or not isinstance(head.get("kid", ""), str):
        raise untrusted("alg")
    return head


def _candidates(keys: object, algorithm: str, kid: object) -> Iterator[RSAKey | ECKey]:
    """Go through the provider's keys that may have made a signature: of the right kind, for signing, by the name that the token gives."""
    found: object = keys.get("keys") if isinstance(keys, Mapping) else None
    for each in found[:MOST_KEYS] if isinstance(found, list) else ():
        if not isinstance(each, dict) or each.get("use", "sig") != "sig" or each.get("alg", algorithm) != algorithm:
            continue
        if kid is not None and each.get("kid") != kid:
            continue
        try:
            key = import_key(each)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if isinstance(key, KINDS[algorithm[0]]) and _is_long_enough(key):
            yield key


def _is_long_enough(key: RSAKey | ECKey) -> bool:
    return not isinstance(key, RSAKey) or key.public_key.key_size >= LEAST_RSA_BITS


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
