"""Output: plain lines and tables for people, JSON for programs. A name can't break a line or move a terminal's cursor (R-LOG-1)."""

import json
import os
import sys
from collections.abc import Iterable, Sequence

from keyholder.domain.characters import escaped

LONGEST = 2000
"""Characters of one text; longer ones are cut."""
WIDE = 10_000
"""Columns of what is no terminal: a table in a pipe is never folded."""
BROKEN_PIPE = 141
"""What a shell sees of a program whose reader has gone."""


def prepare() -> None:
    """Make every character printable: files and pipes are UTF-8, a terminal shows what it can and escapes the rest."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace", encoding=None if stream.isatty() else "utf-8")


def say(text: str) -> None:
    """Print one line of text that may hold names."""
    print(clean(text))


def complain(text: str) -> None:
    """Print one line on stderr."""
    print(f"keyholder: {clean(' '.join(text.split()))}", file=sys.stderr)


def clean(text: str) -> str:
    """Return a text that stays on its line: what can't be seen is written as its number."""
    return escaped(text, LONGEST)


def say_json(value: object) -> None:
    """Print one value as one line of JSON."""
    print(as_json(value))


def as_json(value: object) -> str:
    """Return one value as one line of JSON in which nothing is invisible."""
    written = json.dumps(value, ensure_ascii=False)
    return written if written.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in written)


def say_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table without frames; a terminal folds long cells, anything else gets whole lines."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(str(cell))) for cell in row))
    console = Console(markup=False, emoji=False, highlight=False, width=None if sys.stdout.isatty() else WIDE)
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        print(line.rstrip())


def close_pipe() -> int:
    """Forget what nobody reads any more, and return the exit code of a broken pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE
