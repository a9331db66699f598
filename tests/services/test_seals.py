"""Secrets that are read again are encrypted, each for one use (R-KEY-2)."""

import pytest
from django.conf import settings

from keyholder.domain.refusals import Conflict
from keyholder.services.seals import Use, seal, unseal


def keys(monkeypatch: pytest.MonkeyPatch, newest: str, *older: str) -> None:
    """Give the instance other secret keys."""
    monkeypatch.setattr(settings, "SECRET_KEY", newest)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", list(older))


def test_what_was_sealed_opens_for_its_use_and_for_no_other() -> None:
    sealed = seal("a quiet heron", Use.MAIL)
    assert "heron" not in sealed
    assert unseal(sealed, Use.MAIL) == "a quiet heron"
    with pytest.raises(Conflict, match="enter it again"):
        unseal(sealed, Use.PROVIDER)


def test_the_newest_key_seals_and_every_key_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    keys(monkeypatch, "old")
    sealed = seal("a quiet heron", Use.AUTHENTICATOR)
    keys(monkeypatch, "new", "old")
    assert unseal(sealed, Use.AUTHENTICATOR) == "a quiet heron"
    again = seal("a quiet heron", Use.AUTHENTICATOR)
    keys(monkeypatch, "new")
    assert unseal(again, Use.AUTHENTICATOR) == "a quiet heron"
    with pytest.raises(Conflict):
        unseal(sealed, Use.AUTHENTICATOR)
