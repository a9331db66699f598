"""Codes of authenticators by the vectors of RFC 6238, and recovery codes."""

from datetime import UTC, datetime

import pytest

from keyholder.domain import codes

SECRET = b"12345678901234567890"
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
"""Appendix B, SHA-1, eight digits: the last six are those of six digits."""


@pytest.mark.parametrize(("second", "code"), RFC_6238.items())
def test_the_vectors_of_rfc_6238(second: int, code: str) -> None:
    at = datetime.fromtimestamp(second, UTC)
    assert codes.totp(SECRET, codes.step_at(at)) == code[-codes.DIGITS :]


@pytest.mark.parametrize(("behind", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(behind: int, is_right: bool) -> None:  # noqa: FBT001 - a case
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    step = codes.step_at(at) + behind
    assert codes.step_of(SECRET, codes.totp(SECRET, step), at) == (step if is_right else None)


@pytest.mark.parametrize("code", ["", "1", "abcdef", "12345\uff16"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert codes.step_of(SECRET, codes.normal(code), datetime(2026, 11, 22, 12, tzinfo=UTC)) is None


def test_a_secret_is_read_back_as_it_was_written() -> None:
    for length in range(1, 33):
        secret = bytes(range(length))
        assert codes.secret_bytes(codes.secret_of(secret)) == secret


def test_r_rat_2_a_code_has_one_form_whatever_stands_between_its_letters() -> None:
    assert {codes.normal(text) for text in ("123456", " 123 456", "123-456", "123\u00a0456\u200b")} == {"123456"}
    (code, *_others) = codes.recovery_codes(bytes(range(100)))
    assert codes.digest(code) == codes.digest(code.lower().replace("-", " "))


def test_ten_recovery_codes_of_eighty_bits() -> None:
    made = codes.recovery_codes(bytes(range(100)))
    assert (len(set(made)), {len(codes.normal(code)) for code in made}) == (10, {16})
    with pytest.raises(ValueError, match="100 random bytes"):
        codes.recovery_codes(b"")


def test_the_address_names_account_and_issuer() -> None:
    assert codes.address_of("ABC", "ben@acme.example", "Keyholder") == (
        "otpauth://totp/Keyholder:ben%40acme.example?secret=ABC&issuer=Keyholder&algorithm=SHA1&digits=6&period=30"
    )
