"""Tables for spreadsheets hold no formulas."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyholder.interfaces.http.csv_files import csv_file, harmless, lines

CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.builds("{}{}{}".format, st.text(" \t\r\n"), st.sampled_from("=+-@\uff1d"), st.text("A1()")),
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_r_csv_1_no_cell_is_a_formula_and_nothing_is_lost(rows: list[list[str]]) -> None:
    """Behind spaces too; an apostrophe is all that is added."""
    text = "".join(lines(["a", "b", "c"], rows))
    read = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))
    assert read[0] == ["a", "b", "c"]
    assert [[cell.removeprefix("'") for cell in row] for row in read[1:]] == [[cell.removeprefix("'") for cell in row] for row in rows]
    for cell in (cell for row in read[1:] for cell in row):
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
        assert not cell.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("Ann", "Ann"),
        ("", ""),
        ("a=b", "a=b"),
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("-2", "'-2"),
        ("+49 30", "'+49 30"),
        ("\tx", "'\tx"),
        ("\uff1dcmd", "'\uff1dcmd"),
        ("\u00a0=1", "'\u00a0=1"),
    ],
)
def test_r_csv_1_what_a_spreadsheet_would_work_out_stands_behind_an_apostrophe(cell: str, kept: str) -> None:
    assert harmless(cell) == kept


def test_the_file_is_taken_along_under_a_plain_name() -> None:
    answer = csv_file('people "x"\r\nof Rīga', ["Name"], [["Jānis"]])
    assert answer["Content-Disposition"] == 'attachment; filename="people--x---of-R-ga.csv"'
    assert answer.content.decode("utf-8-sig") == '"Name"\r\n"Jānis"\r\n'
