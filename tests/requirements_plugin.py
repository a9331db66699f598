"""Which requirement ids the passing tests name: written to ``build/requirements.json`` after every session.

An id counts when a test passed that carries it in its name (``test_r011_...``, ``test_r_eml_1_...``), in its docstring, in the name or
docstring of its class, in the name of its parameters, or that reported it by the fixture ``decides`` while it ran.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import CHOICE

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "build" / "requirements.json"
ID = re.compile(r"(?<![A-Za-z0-9])(R\d{3}|[RI][-_][A-Z]{2,5}[-_]\d{1,2})(?![0-9])", re.IGNORECASE)
SPELLED = re.compile(r"(?<![A-Za-z0-9])(R\d{3}|[RI]-[A-Z]{2,5}-\d{1,2})(?![0-9])")
PROPERTY = "requirement"


def in_name(name: str) -> set[str]:
    """Return the ids in the name of a test, where they may be in lower case with underscores."""
    return {found.upper().replace("_", "-") for found in ID.findall(name)}


def in_text(text: str) -> set[str]:
    """Return the ids in a docstring, where they are written as in docs/requirements.md."""
    return set(SPELLED.findall(text))


def of_item(item: pytest.Item) -> set[str]:
    """Return the ids that a collected test carries in its words."""
    ids = in_name(item.name)
    for node in (getattr(item, "function", None), getattr(item, "cls", None)):
        if node is not None:
            ids |= in_name(node.__name__) | in_text(inspect.getdoc(node) or "")
    return ids


@pytest.fixture
def decides(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Report an id that this test decides while it runs: a vector counts when its check ran."""

    def report(requirement: str) -> None:
        record_property(PROPERTY, requirement)

    return report


def pytest_itemcollected(item: pytest.Item) -> None:
    """Attach the ids to the test; they travel with its reports, also between processes."""
    item.user_properties.extend((PROPERTY, found) for found in sorted(of_item(item)))


def pytest_configure(config: pytest.Config) -> None:
    """Begin a session."""
    config.pluginmanager.register(Recorder(config), "requirements-recorder")


class Recorder:
    """Collects the reports of one session."""

    def __init__(self, config: pytest.Config) -> None:
        """Begin with nothing."""
        self._config = config
        self._failed: set[str] = set()
        self._found: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the ids of a test that passed; forget them when its teardown fails."""
        if report.when == "call" and report.passed:
            ids = {str(value) for name, value in report.user_properties if name == PROPERTY}
            self._found[report.nodeid] = sorted(ids)
        elif not report.passed:
            self._failed.add(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Merge into the file what this session found; each run on each database has its own entries."""
        if hasattr(self._config, "workerinput") or not (self._found or self._failed):
            return
        tests = dict(read())
        suffix = f"@{CHOICE}"
        for nodeid in self._failed | set(self._found):
            tests.pop(nodeid + suffix, None)
        tests |= {nodeid + suffix: ids for nodeid, ids in self._found.items() if nodeid not in self._failed}
        RESULT.parent.mkdir(exist_ok=True)
        part = RESULT.with_suffix(".part")
        part.write_text(json.dumps({"tests": dict(sorted(tests.items()))}, indent=1))
        part.replace(RESULT)


def read() -> Iterator[tuple[str, list[str]]]:
    """Go through the recorded tests and their ids; nothing where no session has run yet."""
    if RESULT.exists():
        yield from json.loads(RESULT.read_text())["tests"].items()
