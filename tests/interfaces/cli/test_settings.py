"""Settings: all of them are listed, with what is in force; what is secret stays so."""

import pytest

from keyholder.config.environment import SETTINGS
from tests.interfaces.cli.shell import run


def test_every_setting_is_listed_with_its_meaning() -> None:
    rows = run("settings", "--json").json
    assert [(row["variable"], row["meaning"]) for row in rows] == [(setting.variable, setting.meaning) for setting in SETTINGS]
    assert [line.split()[0] for line in run("settings").lines[1:]] == [setting.variable for setting in SETTINGS]


def test_values_in_force_are_shown_but_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-LOG-2: neither the key nor the address of the database, which holds a password."""
    monkeypatch.setenv("KEYHOLDER_DATABASE_URL", "postgresql://keyholder:canary-1@db.example/keyholder")
    monkeypatch.setenv("KEYHOLDER_OWNER_URL", "postgresql://owner:canary-2@db.example/keyholder")
    monkeypatch.setenv("KEYHOLDER_SECRET_KEY", "canary-3")
    monkeypatch.setenv("KEYHOLDER_SUPPORT_EMAIL", "help@acme.example")
    for done in (run("settings"), run("settings", "--json")):
        assert "canary" not in done.out
        assert "help@acme.example" in done.out
