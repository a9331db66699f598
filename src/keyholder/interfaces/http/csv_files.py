"""CSV files: tables for spreadsheets, in which nothing that people wrote is a formula (R-CSV-1)."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain
from unicodedata import normalize

from django.http import HttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that a spreadsheet would work out, also behind spaces and in full width."""
BOM = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """Answer with a file of this name: a line of heads, then the rows."""
    answer = HttpResponse("".join(lines(head, rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_plain(name)}.csv"'
    return answer


def lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Go through the lines of a file; every cell stands in quotation marks."""
    kept = StringIO()
    writer = csv.writer(kept, quoting=csv.QUOTE_ALL)
    yield BOM
    for row in chain([head], rows):
        writer.writerow([harmless(cell) for cell in row])
        yield kept.getvalue()
        kept.seek(0)
        kept.truncate()


def harmless(cell: str) -> str:
    """Return a cell that is text to every spreadsheet: behind an apostrophe where it would be a formula."""
    begins = cell.startswith(("\t", "\r", "\n")) or normalize("NFKC", cell).lstrip().startswith(FORMULA)
    return f"'{cell}" if begins else cell


def _plain(name: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "-" for letter in name)
