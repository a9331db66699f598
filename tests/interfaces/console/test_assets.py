"""The style sheet and the font are built once, and again when what they are made of has changed."""

import os
from pathlib import Path

import pytest

from keyholder.interfaces.console import assets
from keyholder.interfaces.console.assets import Asset


def asset(folder: Path) -> Asset:
    """Make an asset of one source, which it copies."""
    source = folder / "source.css"
    source.write_text("old")

    def copy(target: Path) -> None:
        target.write_text(source.read_text())

    return Asset(folder / "built" / "app.css", (source,), copy)


def test_what_is_missing_or_older_than_its_source_is_built(tmp_path: Path) -> None:
    one = asset(tmp_path)
    stale = [one.is_stale]
    one.build()
    stale.append(one.is_stale)
    assert one.target.read_text() == "old"
    one.sources[0].write_text("new")
    os.utime(one.sources[0], (2_000_000_000, 2_000_000_000))
    stale.append(one.is_stale)
    assert stale == [True, False, True]


def test_nothing_half_written_is_left_in_its_place(tmp_path: Path) -> None:
    one = asset(tmp_path)
    one.build()
    assert [file.name for file in one.target.parent.iterdir()] == ["app.css"]


def test_the_second_run_builds_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = asset(tmp_path)
    monkeypatch.setattr(assets, "assets", lambda: (one,))
    assert assets.main() == 0
    assert "app.css" in capsys.readouterr().out
    assert assets.main() == 0
    assert capsys.readouterr().out == ""


def test_a_style_that_cannot_be_read_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "app.css").write_text("@apply nonsense-that-is-no-style;")
    monkeypatch.setattr(assets, "CONSOLE", tmp_path)
    monkeypatch.setattr(assets, "assets", lambda: (Asset(tmp_path / "app.css", (), assets.write_styles),))
    assert assets.main() == 1
    assert "the style sheet can't be built" in capsys.readouterr().err


def test_the_font_holds_the_letters_of_the_five_languages(tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    font = tmp_path / "inter.woff2"
    assets.write_font(font)
    assert font.stat().st_size < 120_000
    known = set(TTFont(font).getBestCmap())
    letters = "AzÀžąćęłńóśźżāčēģīķļņšūžáďéěíňřťúůýАяЁё–—“”„«»…€№→✓"  # noqa: RUF001 - the letters of five languages
    assert {ord(letter) for letter in letters} <= known


def test_catalogues_are_compiled_without_gettext(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Groups"\nmsgstr "Grupas"\n')
    target = tmp_path / "django.mo"
    assets.catalogue_writer(source)(target)
    assert b"Grupas" in target.read_bytes()
