"""What was measured, as a table and as docs/performance.md."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

BARE = "a bare SELECT 1"
HEAD = ("", "wall", "CPU", "times a bare SELECT 1 (CPU)")

TEMPLATE = Path(__file__).parent / "page.md"


def table(measured: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the rows of one run's table, its head first."""
    times = measured["times"]
    bare = times[BARE]["cpu"]
    rows: list[tuple[str, ...]] = [
        HEAD,
        *((name, _shown(time["wall"]), _shown(time["cpu"]), _ratio(time["cpu"] / bare)) for name, time in times.items()),
    ]
    applying = measured["apply"]
    rows.append(
        (f"apply, a row of {measured['rows']:,}", _shown(applying["wall"]), _shown(applying["cpu"]), _ratio(applying["cpu"] / bare))
    )
    return rows


def page(runs: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """Return docs/performance.md."""
    tables = "".join(_section(database, measured) for database, measured in runs)
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(machine=machine(), tables=tables)


def machine() -> str:
    """Say what it was measured on."""
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{versions}, {os.cpu_count()} cores of {platform.machine()}, shared with other work."


def _section(database: str, measured: dict[str, Any]) -> str:
    head, *rows = table(measured)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    applied = f"Applying: {1e6 / measured['apply']['wall']:,.0f} rows a second."
    return "\n".join(["", f"### {database}, {measured['users']:,} people", "", *lines, "", applied, ""])


def _shown(microseconds: float) -> str:
    if microseconds < 1000:  # noqa: PLR2004 - a millisecond
        return f"{microseconds:.1f} µs" if microseconds < 100 else f"{microseconds:.0f} µs"  # noqa: PLR2004 - three digits are enough
    return f"{microseconds / 1000:.1f} ms"


def _ratio(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"  # noqa: PLR2004 - three digits are enough
