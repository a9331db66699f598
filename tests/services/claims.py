"""Tokens as a provider signs them, and every way in which one can be wrong: what a test of the client shows it (R-OIDC-7)."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from joserfc.jwk import ECKey, OctKey, RSAKey

ISSUER, CLIENT, NONCE, ACCESS = "https://id.example", "keyholder", "a nonce of this very attempt", "an access token"


@cache
def rsa(kid: str = "rsa-1", bits: int = 2048) -> RSAKey:
    """Return a key of the provider's: the same one for the same name."""
    return RSAKey.generate_key(bits, {"kid": kid, "use": "sig"})


@cache
def ec(kid: str = "ec-1") -> ECKey:
    """Return a key on a curve."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


def published(*keys: RSAKey | ECKey) -> dict[str, list[object]]:
    """Return keys as a provider publishes them."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def signed(claims: Mapping[str, object] | bytes, key: RSAKey | ECKey | OctKey | None = None, **head: object) -> str:
    """Return a token of these claims, signed; the head says what it is told to."""
    made_by = key or rsa()
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return by_hand({"alg": "RS256", "kid": made_by.kid, **head}, payload, made_by)


def by_hand(head: Mapping[str, object], payload: bytes, key: RSAKey | ECKey | OctKey) -> str:
    """Sign whatever the head says, as no library would let us."""
    from joserfc.jws import JWSRegistry

    algorithm = JWSRegistry.algorithms[str(head["alg"]) if str(head.get("alg")) in JWSRegistry.algorithms else "RS256"]
    text = f"{encoded(json.dumps(head).encode())}.{encoded(payload)}"
    return f"{text}.{encoded(algorithm.sign(text.encode(), key))}"


def encoded(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hashed(token: str) -> str:
    """Return the hash by which an ID token names an access token (RS256)."""
    return encoded(hashlib.sha256(token.encode()).digest()[:16])


def claims(at: float, **others: object) -> dict[str, object]:
    """Return what a good token says; None leaves a claim out."""
    usual: dict[str, object] = {
        "iss": ISSUER,
        "sub": "subject-1",
        "aud": CLIENT,
        "exp": int(at) + 300,
        "iat": int(at),
        "nonce": NONCE,
        "email": "alice@acme.example",
        "email_verified": True,
    }
    return {name: value for name, value in {**usual, **others}.items() if value is not LEFT_OUT}


LEFT_OUT = object()
"""Stands for a claim that is not there."""


@dataclass(frozen=True)
class Bad:
    """A token that must not be believed, and the claim that the refusal names."""

    make: Callable[[float], object]
    names: str


def other(**changes: Any) -> Callable[[float], str]:
    """Make a token that is good but for some claims."""
    return lambda at: signed(claims(at, **changes))


def headed(**head: Any) -> Callable[[float], str]:
    """Make a token that is good but for its head."""
    return lambda at: signed(claims(at), **head)


def unsigned(at: float) -> str:
    """Make a token with an empty signature that says it needs none."""
    return f"{encoded(json.dumps({'alg': 'none'}).encode())}.{encoded(json.dumps(claims(at)).encode())}."


def by_public_key(at: float) -> str:
    """Sign with the provider's public key as if it were a shared secret."""
    return by_hand(
        {"alg": "HS256", "kid": "rsa-1"}, json.dumps(claims(at)).encode(), OctKey.import_key(encoded(rsa().as_pem(private=False)))
    )


def by_client_secret(at: float) -> str:
    """Sign with the secret that the client itself has."""
    return by_hand({"alg": "HS256", "kid": "rsa-1"}, json.dumps(claims(at)).encode(), OctKey.import_key("the client's secret, long enough"))


def altered(at: float) -> str:
    """Change a claim after signing."""
    head, _payload, signature = signed(claims(at)).split(".")
    return f"{head}.{encoded(json.dumps(claims(at, sub='subject-2')).encode())}.{signature}"


def with_own_key(at: float) -> str:
    """Bring the key along in the head."""
    stranger = rsa("stranger")
    return signed(claims(at), stranger, kid="rsa-1", jwk=stranger.as_dict(private=False))


def twice(at: float) -> str:
    """Say who it is twice."""
    return signed(json.dumps(claims(at)).encode()[:-1] + b', "sub": "subject-2"}')


BAD: Mapping[str, Bad] = {
    "no token": Bad(lambda _at: None, "id_token"),
    "a number": Bad(lambda _at: 7, "id_token"),
    "an empty text": Bad(lambda _at: "", "id_token"),
    "four parts": Bad(lambda at: f"{signed(claims(at))}.x", "id_token"),
    "letters that are none": Bad(lambda at: signed(claims(at)) + "\u212a", "id_token"),
    "a head that is no JSON": Bad(lambda at: "e30x." + signed(claims(at)).partition(".")[2], "id_token"),
    "a head that is a list": Bad(lambda at: encoded(b"[1]") + "." + signed(claims(at)).partition(".")[2], "id_token"),
    "17,000 characters": Bad(lambda at: signed(claims(at, more="x" * 17_000)), "id_token"),
    "no algorithm": Bad(unsigned, "alg"),
    "no algorithm in capitals": Bad(lambda at: unsigned(at).replace(encoded(b'{"alg": "none"}'), encoded(b'{"alg": "NONE"}')), "alg"),
    "the public key as a secret": Bad(by_public_key, "alg"),
    "the client's own secret": Bad(by_client_secret, "alg"),
    "an algorithm that is no text": Bad(headed(alg=["RS256"]), "alg"),
    "a kid that is no text": Bad(headed(kid=7), "alg"),
    "an algorithm the provider does not have": Bad(lambda at: signed(claims(at), alg="RS512"), "alg"),
    "a demand that is unknown": Bad(headed(crit=["exp"]), "crit"),
    "an empty demand": Bad(headed(crit=[]), "crit"),
    "a payload as it is": Bad(headed(b64=False), "crit"),
    "a claim changed afterwards": Bad(altered, "signature"),
    "a key of its own in the head": Bad(with_own_key, "signature"),
    "another's key by the right name": Bad(lambda at: signed(claims(at), rsa("stranger"), kid="rsa-1"), "signature"),
    "no signature": Bad(lambda at: signed(claims(at)).rpartition(".")[0] + ".", "signature"),
    "a curve where RSA is said": Bad(lambda at: by_hand({"alg": "ES256", "kid": "rsa-1"}, json.dumps(claims(at)).encode(), ec()), "kid"),
    "another issuer": Bad(other(iss="https://id.example/"), "iss"),
    "an issuer that is a list": Bad(other(iss=[ISSUER]), "iss"),
    "no issuer": Bad(other(iss=LEFT_OUT), "iss"),
    "another client": Bad(other(aud="another"), "aud"),
    "no client": Bad(other(aud=LEFT_OUT), "aud"),
    "no client in the list": Bad(other(aud=[]), "aud"),
    "a client among numbers": Bad(other(aud=[CLIENT, 7]), "aud"),
    "several clients, made for none": Bad(other(aud=[CLIENT, "another"]), "azp"),
    "several clients, made for another": Bad(other(aud=[CLIENT, "another"], azp="another"), "azp"),
    "one client, made for another": Bad(other(azp="another"), "azp"),
    "made for null": Bad(other(azp=None), "azp"),
    "no end": Bad(other(exp=LEFT_OUT), "exp"),
    "an end in words": Bad(other(exp="never"), "exp"),
    "an end that is true": Bad(other(exp=True), "exp"),
    "an end beyond all numbers": Bad(other(exp=1e300), "exp"),
    "over for a minute": Bad(lambda at: signed(claims(at, exp=at - 60)), "exp"),
    "no beginning": Bad(other(iat=LEFT_OUT), "iat"),
    "made in the future": Bad(lambda at: signed(claims(at, iat=at + 61)), "iat"),
    "not in force yet": Bad(lambda at: signed(claims(at, nbf=at + 61)), "nbf"),
    "in force from null on": Bad(other(nbf=None), "nbf"),
    "another attempt's nonce": Bad(other(nonce="another nonce"), "nonce"),
    "no nonce": Bad(other(nonce=LEFT_OUT), "nonce"),
    "a nonce in a list": Bad(other(nonce=[NONCE]), "nonce"),
    "no subject": Bad(other(sub=LEFT_OUT), "sub"),
    "an empty subject": Bad(other(sub=""), "sub"),
    "a subject that is a number": Bad(other(sub=7), "sub"),
    "a subject with a line break": Bad(other(sub="a\nb"), "sub"),
    "a subject without end": Bad(other(sub="x" * 256), "sub"),
    "another access token": Bad(other(at_hash=hashed("another")), "at_hash"),
    "a hash that is null": Bad(other(at_hash=None), "at_hash"),
    "a claim twice": Bad(twice, "claims"),
    "claims that are a list": Bad(lambda _at: signed(b"[]"), "claims"),
    "claims that are no JSON": Bad(lambda _at: signed(b"{"), "claims"),
    "a number that is none": Bad(lambda at: signed(json.dumps(claims(at, exp=float("nan"))).encode()), "claims"),
}
"""More than thirty, each signed as well as it can be."""

VERIFIED: tuple[tuple[object, bool], ...] = (
    (True, True),
    (False, False),
    (None, False),
    (LEFT_OUT, False),
    (1, False),
    (0, False),
    ("true", False),
    ("false", False),
    ("True", False),
    ("", False),
    ([], False),
    ([True], False),
    ({}, False),
)
"""What a provider may say of an address, and whether that counts (R-OIDC-2)."""
