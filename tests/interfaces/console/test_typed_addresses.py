"""Addresses as people paste them."""

import pytest

from keyholder.interfaces.console.forms.addresses import split


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ann@a.example", ["ann@a.example"]),
        (
            "ann@a.example, ben@b.example;cleo@c.example\ndan@d.example  eve@e.example",
            [f"{n}@{n[0]}.example" for n in ("ann", "ben", "cleo", "dan", "eve")],
        ),
        ("Ann Lee <ann@a.example>, Ben <ben@b.example>", ["ann@a.example", "ben@b.example"]),
        ('"Lee, Ann" <ann@a.example>; Lee, Ben <ben@b.example>', ["ann@a.example", "ben@b.example"]),
        ("Ann <ann@a.example>, ben@b.example", ["ann@a.example", "ben@b.example"]),
        ("<ann@a.example>", ["ann@a.example"]),
        ("ann@a.example ann@a.example", ["ann@a.example"]),
        ("ann at a.example", ["ann", "at", "a.example"]),
        (" ,;\r\n <> ", []),
        ("", []),
    ],
)
def test_r042_many_are_read_from_what_is_pasted(typed: str, found: list[str]) -> None:
    """What is no address stays as it was typed, to be told so."""
    assert split(typed) == tuple(found)
