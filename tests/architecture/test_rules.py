"""Rules of the house that a reader of one file can check: callers by name, reasons beside suppressions, pins that agree."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import CODE, ROOT, TESTS, modules, nouns, place, tree

HUSH = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover|pragma:\s*no branch|fmt:\s*(?:off|skip))", re.IGNORECASE)
NAMED_HUSH = r"noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w, -]+\]|pragma:\s*no (?:cover|branch)|fmt:\s*(?:off|skip)"
HUSH_WITH_REASON = re.compile(rf"#\s*(?:{NAMED_HUSH})\s*(?:#|-)\s*\S.{{3,}}")
IGNORE = re.compile(r'^\s*"[A-Z]+\d+",?(.*)$')
PIN = re.compile(r"^([a-z0-9][\w.-]*)==(\S+)", re.MULTILINE)


def test_every_suppression_says_why() -> None:
    silent = [
        place(path, number)
        for path in modules(CODE, TESTS)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if HUSH.search(line) and not HUSH_WITH_REASON.search(line)
    ]
    assert silent == []


def test_every_rule_that_the_linter_leaves_out_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if (rule := IGNORE.match(line)) and "#" not in rule[1]] == []


def public_functions(path: Path) -> list[ast.FunctionDef]:
    """Return the functions that a module offers."""
    return [node for node in tree(path).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def acts(function: ast.FunctionDef) -> bool:
    """Say whether a function opens an act."""
    return any(isinstance(node, ast.Name) and node.id == "acting" for node in ast.walk(function))


def names_its_caller(function: ast.FunctionDef) -> bool:
    """Say whether a command or query is keyword-only with ``by=``; what takes its values in order is a step of one and opens no act."""
    in_order = {argument.arg for argument in function.args.posonlyargs + function.args.args}
    by_name = {argument.arg for argument in function.args.kwonlyargs}
    if acts(function) or not in_order:
        return not in_order and "by" in by_name
    return "by" not in in_order


@pytest.mark.parametrize("room", ["commands", "queries"])
def test_every_command_and_query_names_its_caller(room: str) -> None:
    """What is done and asked knows who does it (rules 4 and 5 of the style)."""
    anonymous = [
        f"{place(path, function.lineno)} {function.name}"
        for path in modules(CODE / "services" / room)
        if path.stem in nouns()
        for function in public_functions(path)
        if not names_its_caller(function)
    ]
    assert anonymous == []


def test_what_runs_and_what_is_tested_have_the_same_versions() -> None:
    run, dev = (dict(PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))) for name in ("run", "dev"))
    assert run.items() <= dev.items()


def test_everything_pinned_is_what_is_asked_for() -> None:
    asked = {
        re.split(r"[\[<>=~! ]", line)[0]
        for line in (ROOT / "requirements" / "run.in").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    pinned = dict(PIN.findall((ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")))
    assert {name.replace(".", "-") for name in asked} <= set(pinned)


def test_the_package_has_its_licence_and_its_command() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (project["license"], project["scripts"]["keyholder"]) == ("Apache-2.0", "keyholder.interfaces.cli.main:main")
