"""The docs say what is there: links lead somewhere, named files exist, settings and ids are those of the code."""

import re
from pathlib import Path

import pytest

from tests.architecture.house import CODE, PAGES, ROOT, TESTS, modules, place
from tests.requirements_plugin import in_text
from tests.requirements_report import requirements

LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)[^)]*\)")
OUTSIDE = re.compile(r"[a-z]+://|mailto:")
NAMED = re.compile(r"`((?:src|tests|docs|requirements|\.ci)/[\w./-]+\.\w+)`")
VARIABLE = re.compile(r"^\| `(KEYHOLDER_\w+)` \|", re.MULTILINE)


@pytest.mark.parametrize("document", PAGES, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document: Path) -> None:
    targets = (target for target in LINK.findall(document.read_text(encoding="utf-8")) if not OUTSIDE.match(target))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", PAGES, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_file_that_a_page_names_exists(document: Path) -> None:
    assert [name for name in NAMED.findall(document.read_text(encoding="utf-8")) if not (ROOT / name).exists()] == []


def test_every_command_stands_in_the_page_for_operators() -> None:
    main = pytest.importorskip("keyholder.interfaces.cli.main").main
    told = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    names = [f"{name} {part}".strip() for name, each in main.commands.items() for part in getattr(each, "commands", {"": None})]
    assert [name for name in names if f"keyholder {name}" not in told] == []


def test_the_settings_of_the_docs_are_those_of_the_code() -> None:
    environment = pytest.importorskip("keyholder.config.environment")
    documented = VARIABLE.findall((ROOT / "docs" / "operating.md").read_text(encoding="utf-8"))
    assert sorted(documented) == sorted(setting.variable for setting in environment.SETTINGS)


def test_every_requirement_that_code_or_a_test_names_is_asked_for() -> None:
    known = {requirement.id for requirement in requirements()}
    own = {Path(__file__).parent / "test_harness.py"}
    strangers = {
        f"{place(path, number)} {found}"
        for path in modules(CODE, TESTS)
        if path not in own
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for found in in_text(line) - known
    }
    assert strangers == set()


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
