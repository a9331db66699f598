"""ID tokens: what is believed of a provider's answer, and the many things that are not (R-OIDC-2, R-OIDC-7)."""

from typing import Any

import pytest

from keyholder.domain.id_tokens import Expected, digest, judge_access_token, verified_address
from keyholder.domain.refusals import Forbidden, Invalid
from keyholder.services.id_tokens import Statement, UnknownKeyError, read
from tests.cast import NOW
from tests.services.claims import (
    ACCESS,
    BAD,
    CLIENT,
    ISSUER,
    LEFT_OUT,
    NONCE,
    VERIFIED,
    Bad,
    claims,
    ec,
    hashed,
    published,
    rsa,
    signed,
)

AT = NOW.timestamp()
ALGORITHMS = ("RS256", "PS256", "ES256")
EXPECTED = Expected(ISSUER, CLIENT, digest(NONCE))


def believed(token: object, keys: object = None, at: float = AT, access: object = ACCESS) -> Statement:
    """Read a token as the client does."""
    given = keys if keys is not None else published(rsa(), ec())
    return read(token, keys=given, algorithms=ALGORITHMS, expected=EXPECTED, access_token=access, at=at)


def test_a_good_token_is_believed() -> None:
    said = believed(signed(claims(AT, at_hash=hashed(ACCESS))))
    assert (said.subject, said.claims["email"]) == ("subject-1", "alice@acme.example")


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_r_oidc_7_a_malformed_token_is_not_believed(bad: Bad) -> None:
    """R-OIDC-7: none of them, and the refusal names what does not fit."""
    token = bad.make(AT)
    try:
        found: Any = believed(token)
    except Forbidden as refusal:
        found = refusal.sentence.fields["claim"]
    except UnknownKeyError:
        found = "kid"
    assert found == bad.names


def test_there_are_more_than_thirty_malformed_tokens() -> None:
    assert len(BAD) > 30


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_signature_of_a_key_pair_is_taken(algorithm: str) -> None:
    key = ec() if algorithm == "ES256" else rsa()
    assert believed(signed(claims(AT), key, alg=algorithm)).subject == "subject-1"


def test_a_token_without_a_name_of_its_key_is_tried_with_each() -> None:
    token = signed(claims(AT), rsa("rsa-2"), kid=None)
    with pytest.raises(Forbidden):
        believed(token)
    from tests.services.claims import by_hand

    nameless = by_hand({"alg": "RS256"}, b"", rsa())
    with pytest.raises(Forbidden):
        believed(nameless)
    import json

    assert (
        believed(by_hand({"alg": "RS256"}, json.dumps(claims(AT)).encode(), rsa()), published(rsa("rsa-2"), rsa())).subject == "subject-1"
    )


@pytest.mark.parametrize(
    "keys",
    [
        None,
        [],
        {"keys": None},
        {"keys": []},
        {"keys": ["rsa-1", {"kid": "rsa-1"}, {"kty": "RSA", "kid": "rsa-1", "n": 7}]},
        {"keys": [{"kty": "oct", "kid": "rsa-1", "k": "AAAA"}]},
        {"keys": [{**rsa().as_dict(private=False), "use": "enc"}]},
        {"keys": [{**rsa().as_dict(private=False), "alg": "PS256"}]},
        {"keys": [{**ec().as_dict(private=False), "kid": "rsa-1"}]},
        {"keys": [rsa("stranger").as_dict(private=False)]},
    ],
    ids=[
        "nothing",
        "a list",
        "null",
        "none",
        "no keys",
        "symmetric",
        "to encrypt with",
        "another algorithm",
        "another kind",
        "a stranger's",
    ],
)
def test_without_a_fitting_key_fresh_ones_are_asked_for(keys: object) -> None:
    with pytest.raises(UnknownKeyError):
        believed(signed(claims(AT)), keys or {"nothing": 1})


def test_a_short_key_signs_nothing() -> None:
    with pytest.warns(match="2048"):
        assert not is_believed_by_a_short_key()


def is_believed_by_a_short_key() -> bool:
    short = rsa("short", 1024)
    with pytest.raises(UnknownKeyError):
        believed(signed(claims(AT), short), published(short))
    return False


@pytest.mark.parametrize(("claim", "moment"), [("exp", AT - 59), ("iat", AT + 60), ("nbf", AT + 60)])
def test_clocks_may_differ_by_a_minute(claim: str, moment: float) -> None:
    assert believed(signed(claims(AT, **{claim: moment}))).subject == "subject-1"


def test_several_clients_are_taken_where_this_one_is_the_party() -> None:
    assert believed(signed(claims(AT, aud=["another", CLIENT], azp=CLIENT))).subject == "subject-1"


def test_a_hash_of_an_access_token_that_is_missing_fails() -> None:
    with pytest.raises(Forbidden):
        believed(signed(claims(AT, at_hash=hashed(ACCESS))), access=None)


def test_the_hash_is_that_of_the_algorithm() -> None:
    import base64
    import hashlib

    half = base64.urlsafe_b64encode(hashlib.sha512(b"x").digest()[:32]).rstrip(b"=").decode()
    judge_access_token({"at_hash": half}, "ES512", "x")
    with pytest.raises(Forbidden):
        judge_access_token({"at_hash": half}, "ES384", "x")


@pytest.mark.parametrize(("said", "counts"), VERIFIED, ids=lambda value: "left out" if value is LEFT_OUT else repr(value))
def test_r_oidc_2_only_true_is_verified(said: object, *, counts: bool) -> None:
    """R-OIDC-2: a table of values, of which one passes."""
    given = claims(AT, email_verified=said)
    if counts:
        assert verified_address(given).canonical == "alice@acme.example"
        return
    with pytest.raises(Forbidden):
        verified_address(given)


def test_the_text_true_counts_where_an_operator_said_so_and_no_other_does() -> None:
    assert verified_address(claims(AT, email_verified="true"), text_counts=True).canonical == "alice@acme.example"
    for said in ("True", "1", 1, "yes", None):
        with pytest.raises(Forbidden):
            verified_address(claims(AT, email_verified=said), text_counts=True)


@pytest.mark.parametrize(
    "address", [None, 7, "alice", "alice@acme.example, ben@acme.example", ["alice@acme.example"], "mi\u212ae@acme.example"]
)
def test_r_oidc_2_what_is_no_address_is_none_however_verified(address: object) -> None:
    with pytest.raises(Invalid):
        verified_address(claims(AT, email=address))
