"""Marks and tags: what people wrote is text, whatever it is (R-XSS-1)."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template

from keyholder.domain.sentences import sentence
from keyholder.interfaces.console.parts.lists import Column
from keyholder.interfaces.console.parts.marks import Badge, Chip, Who

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{7*7}}",
    "{% url 'x' %}",
    "%s%n",
    "</title><script>alert(1)</script>",
    "Anna\r\nSet-Cookie: a=b",
    "\u202egnp.exe",
)


def shown(text: str, **context: object) -> str:
    """Render a template of one line."""
    return Template(text).render(Context({"now": NOW, **context}))


@pytest.mark.parametrize("nasty", NASTY)
def test_r_xss_1_a_name_is_text_in_every_mark(nasty: str) -> None:
    who = Who(nasty, nasty, "/people/1/", badges=(Badge(nasty),), detail=nasty)
    chips = (Chip(nasty), Chip(nasty, local=False, source=nasty, url="/x/"))
    page = shown(
        "{% person who %}{% avatar who %}{% head column %}{% include 'components/chips.html' %}{{ who.shown|breakable }}{{ said|words }}",
        who=who,
        chips=chips,
        column=Column(nasty, "?sort=name"),
        said=sentence("{name} came.", name=nasty),
    )
    assert "<script" not in page
    assert "<img" not in page
    assert "onmouseover='" not in page
    assert "49" not in page


@pytest.mark.parametrize(
    ("name", "address", "initials"),
    [
        ("Alice Andersson", "", "AA"),
        ("Ludwig van Beethoven", "", "LB"),
        ("Ben", "", "B"),
        ("", "cleo.marchetti@acme.example", "CM"),
        ("\u041c\u0430\u0440\u0438\u044f \u0421\u043e\u043a\u043e\u043b\u043e\u0432\u0430", "", "\u041c\u0421"),
        ("", "", "?"),
        ("@", "", "?"),
    ],
)
def test_an_avatar_shows_the_first_letters(name: str, address: str, initials: str) -> None:
    assert Who(name, address).initials == initials


def test_a_persons_colour_stays_the_same_when_the_name_changes() -> None:
    assert Who("Ann", "ann@acme.example").hue == Who("Ann Example", "ann@acme.example").hue


def test_a_group_and_a_service_account_are_told_from_a_person() -> None:
    assert "avatar-group" in shown("{% avatar who %}", who=Who("Analysts", kind="group"))
    assert "<svg" in shown("{% avatar who %}", who=Who("reporter", kind="service_account"))
    assert "avatar-group" not in shown("{% avatar who 'large' %}", who=Who("Ben"))


def test_r016_local_is_solid_and_inherited_is_an_outline_with_its_source() -> None:
    page = shown(
        "{% include 'components/chips.html' %}", chips=(Chip("Edit"), Chip("Manage Users", local=False, source="from account Shop"))
    )
    assert "chip-local" in page
    assert "chip-inherited" in page
    assert page.count("from account Shop") == 2, "on hover, and for who reads by ear"


@pytest.mark.parametrize(
    ("direction", "said"), [("ascending", 'aria-sort="ascending"'), ("descending", 'aria-sort="descending"'), ("", "<th")]
)
def test_r062_a_head_says_how_the_list_is_sorted(direction: str, said: str) -> None:
    page = shown("{% head column %}", column=Column("Permissions here", "?sort=permissions", direction))  # type: ignore[arg-type]  # one of three
    assert said in page
    assert 'href="?sort=permissions"' in page
    assert ("aria-sort" in page) == bool(direction)


def test_a_head_that_cannot_be_sorted_by_is_no_link() -> None:
    assert "<a" not in shown("{% head column %}", column=Column("Owners"))


def test_moments_are_told_and_a_missing_one_is_a_dash() -> None:
    assert ">now</time>" in shown("{% moment at %}", at=NOW)
    assert 'title="22 November 2026, 12:00 UTC"' in shown("{% day at %}", at=NOW)
    assert shown("{% moment at %}{% day at %}", at=None) == "——"


def test_numbers_are_written_with_their_thousands_apart() -> None:
    assert shown("{{ count|number }}", count=3058) == "3,058"


def test_an_address_breaks_where_it_is_parted() -> None:
    assert shown("{{ address|breakable }}", address="a.b@c.example") == "a.<wbr>b@<wbr>c.<wbr>example"


def test_an_icon_says_nothing_to_who_reads_by_ear() -> None:
    assert 'aria-hidden="true"' in shown("{% icon 'users' 16 'big' %}")
