"""The secrets of links: what can be made of a right one is wrong (R-INV-1, R-INV-7, R-INV-8)."""

import hashlib

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from keyholder.services import proofs
from keyholder.services.proofs import Mailed, Purpose

RANDOM = bytes(range(32))


def keys(monkeypatch: pytest.MonkeyPatch, newest: str, *older: str) -> None:
    """Give the instance other secret keys."""
    monkeypatch.setattr(settings, "SECRET_KEY", newest)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", list(older))


@given(st.sampled_from(Purpose), st.integers(1, 10**17), st.integers(1, 10**8))
def test_a_mailed_secret_says_what_it_was_made_for_and_nothing_else(purpose: Purpose, number: int, generation: int) -> None:
    """A link for one purpose opens no other (R-INV-8)."""
    secret = proofs.mailed(purpose, number, generation)
    assert proofs.read_mailed(purpose, secret) == Mailed(number, generation)
    assert [other for other in Purpose if other is not purpose and proofs.read_mailed(other, secret)] == []


@given(st.data())
def test_a_mailed_secret_with_any_character_changed_is_none(data: st.DataObject) -> None:
    """Every mutation of a right secret is refused: changed, cut, prolonged (R-INV-7)."""
    secret = proofs.mailed(Purpose.INVITATION, 12, 3)
    place = data.draw(st.integers(0, len(secret) - 1))
    other = data.draw(st.characters().filter(lambda c: c != secret[place]))
    changed = secret[:place] + other + secret[place + 1 :]
    for wrong in (changed, secret[:place], secret + other, other + secret, secret.upper(), ""):
        assert wrong == secret or proofs.read_mailed(Purpose.INVITATION, wrong) is None


def test_an_older_key_still_reads_what_it_signed_and_a_strange_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    keys(monkeypatch, "old")
    secret = proofs.mailed(Purpose.RESET, 5, 1)
    keys(monkeypatch, "new", "old")
    assert proofs.read_mailed(Purpose.RESET, secret) == Mailed(5, 1)
    keys(monkeypatch, "new")
    assert proofs.read_mailed(Purpose.RESET, secret) is None


def test_of_a_copied_secret_only_its_hash_is_kept() -> None:
    """256 random bits, stored as SHA-256 (R-INV-1)."""
    secret = proofs.copied(RANDOM)
    assert proofs.digest(secret) == hashlib.sha256(secret.encode()).hexdigest()
    assert RANDOM.hex() not in proofs.digest(secret)


@pytest.mark.parametrize("wrong", ["", "c", "cAAAA", "m1-1-" + "A" * 43, "c" + "A" * 44, "c" + "Ä" * 43, "c" + "A" * 43 + "\n"])
def test_what_can_be_no_copied_secret_has_no_hash(wrong: str) -> None:
    assert proofs.digest(wrong) == ""


def test_too_few_random_bytes_make_no_secret() -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        proofs.copied(b"short")
