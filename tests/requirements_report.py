"""Prints the requirement ids that no passing test names, grouped as in docs/requirements.md. Open ids are listed; nothing fails."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.requirements_plugin import read

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "requirements.md"
ROW = re.compile(r"^\| ([RI](?:\d{3}|-[A-Z]+-\d+)) \| (.*?) \|")
WIDTH = 100
"""Characters of a requirement's text that are shown."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the document."""

    id: str
    text: str
    group: str


def requirements() -> Iterator[Requirement]:
    """Read the document's tables, in order."""
    group = ""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            group = line.removeprefix("## ")
        elif row := ROW.match(line):
            yield Requirement(row[1], row[2], group)


def decided() -> set[str]:
    """Return the ids that some passing test of the recorded sessions names."""
    return {requirement for _, ids in read() for requirement in ids}


def lines() -> Iterator[str]:
    """Write the report, a group after the other."""
    asked = list(requirements())
    closed = decided()
    for group in dict.fromkeys(r.group for r in asked):
        rows = [r for r in asked if r.group == group]
        missing = [r for r in rows if r.id not in closed]
        yield f"{group}: {len(rows) - len(missing)} of {len(rows)}"
        yield from (f"    {r.id:<10} {r.text[:WIDTH]}{'...' if len(r.text) > WIDTH else ''}" for r in missing)
    yield ""
    yield f"{sum(r.id in closed for r in asked)} of {len(asked)} requirements are named by a passing test"
    strangers = sorted(closed - {r.id for r in asked})
    if strangers:
        yield f"unknown ids: {', '.join(strangers)}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
