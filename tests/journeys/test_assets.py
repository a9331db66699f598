"""People's work and an account's configuration: made, shared, changed by others, applied; the same in every language (R024 to R034)."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from playwright.sync_api import Browser, expect

from tests.journeys.looking import PHONE, WIDE, Eyes, opened
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser
VIEW, ACCOUNT = "/view/1001/assets/", "/account/100/assets/"
GIVEN = {"olga@acme.example": "collaborate", "dan@acme.example": "edit"}
"""Who gets what at the view, beside Cleo who reads it and Ben who edits the account."""


@pytest.fixture(scope="module")
def people(browser: Browser, server: Server) -> Iterator[dict[str, Eyes]]:
    """Let everybody sign in, and Alice give Olga and Dan what they have at the view."""
    eyes = {name: opened(browser, server, f"{name}@acme.example") for name in ("alice", "ben", "cleo", "olga", "dan")}
    alice = eyes["alice"]
    for address, permission in GIVEN.items():
        alice.go("/view/1001/users/add/")
        alice.page.locator("textarea[name=addresses]").fill(address)
        alice.page.locator(f"input[name=permissions][value={permission}]").check()
        alice.page.locator("button[name=step][value=add]").click()
        alice.page.wait_for_url("**/users/**")
        alice.settle()
    yield eyes
    for each in eyes.values():
        each.page.context.close()


@pytest.fixture(params=("en", "ru"))
def language(request: pytest.FixtureRequest, people: dict[str, Eyes]) -> Iterator[str]:
    """Let everybody read one language, and the journey ask for its words."""
    code: str = request.param
    for eyes in people.values():
        eyes.go("/")
        eyes.page.evaluate(f"document.querySelector('#languages button[value={code}]').click()")
        eyes.page.wait_for_function(f"document.documentElement.lang === '{code}'")
        eyes.settle()
    with translation.override(code):
        yield code


def press(eyes: Eyes, words: str) -> None:
    """Press a button."""
    eyes.page.get_by_role("main").get_by_role("button", name=words, exact=True).click()
    eyes.settle()


def told(eyes: Eyes, words: str) -> None:
    """Look for a toast."""
    expect(eyes.page.get_by_role("status").filter(has_text=words)).to_be_visible()


def make(eyes: Eyes, at: str, kind: str, name: str, body: str) -> None:
    """Make an asset by its form."""
    eyes.go(f"{at}new/{kind}/")
    eyes.page.locator("[name=name]").fill(name)
    eyes.page.locator("[name=body]").fill(body)
    assert eyes.problems() == []
    press(eyes, _("Create"))
    told(eyes, _("%(name)s was created.") % {"name": name})
    assert eyes.problems() == []


def test_r024_r028_a_reader_shares_a_copy_and_a_collaborator_changes_it(people: dict[str, Eyes], language: str) -> None:
    """Cleo's own stays as it is; Olga sees the copy only, and changes it; Cleo can't any more (readings 05)."""
    cleo, olga, name = people["cleo"], people["olga"], f"Paying {language}"
    make(cleo, VIEW, "segment", name, "paid > 0")
    expect(cleo.page.get_by_role("main")).to_contain_text(_("Yours alone"))
    olga.go(f"{VIEW}?kind=segment")
    expect(olga.page.get_by_role("main")).not_to_contain_text(name)
    cleo.page.get_by_role("link", name=_("Share a copy")).click()
    cleo.settle()
    assert cleo.problems() == []
    press(cleo, _("Share a copy"))
    told(cleo, _("A copy of %(name)s is shared.") % {"name": name})
    olga.go(f"{VIEW}?kind=segment")
    olga.page.get_by_role("link", name=name, exact=True).click()
    olga.settle()
    olga.page.locator("[name=name]").fill(f"Buyers {language}")
    olga.page.locator("[name=body]").fill("paid > 10")
    press(olga, _("Save"))
    told(olga, _("%(name)s was changed.") % {"name": f"Buyers {language}"})
    assert olga.problems() == []
    cleo.go(f"{VIEW}?kind=segment")
    expect(cleo.page.get_by_role("link", name=name, exact=True)).to_be_visible()
    cleo.page.get_by_role("link", name=f"Buyers {language}", exact=True).click()
    cleo.settle()
    expect(cleo.page.get_by_role("main")).to_contain_text("paid > 10")
    expect(cleo.page.locator("textarea")).to_have_count(0)
    expect(cleo.page.get_by_role("button", name=_("Delete"), exact=True)).to_be_disabled()
    assert cleo.problems() == []


def test_r032_r034_a_filter_is_made_at_the_account_and_applied_by_a_view_s_editor(people: dict[str, Eyes], language: str) -> None:
    """Dan, who edits the view, applies what Ben made and can make none (R033)."""
    ben, dan, name = people["ben"], people["dan"], f"Office {language}"
    make(ben, ACCOUNT, "filter", name, "exclude: 198.51.100.0/24")
    assert dan.go(f"{ACCOUNT}new/filter/") == 403
    dan.go(f"{VIEW}?kind=filter")
    row = dan.page.get_by_role("row").filter(has_text=name)
    row.get_by_role("button", name=_("Apply")).click()
    dan.settle()
    told(dan, _("%(name)s is applied to %(place)s.") % {"name": name, "place": "All data"})
    assert dan.problems() == []
    ben.go(f"{ACCOUNT}?kind=filter")
    ben.page.get_by_role("link", name=name, exact=True).click()
    ben.settle()
    expect(ben.page.get_by_role("main")).to_contain_text("All data")
    ben.page.get_by_role("link", name=_("Delete"), exact=True).click()
    ben.settle()
    assert ben.problems() == []
    ben.page.get_by_role("button", name=_("Delete %(name)s") % {"name": name}).click()
    ben.settle()
    told(ben, _("%(name)s was deleted.") % {"name": name})
    dan.go(f"{VIEW}?kind=filter")
    expect(dan.page.get_by_role("main")).not_to_contain_text(name)


def test_a_telephone_shows_them_as_cards(people: dict[str, Eyes], language: str) -> None:
    ben = people["ben"]
    ben.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a size
    ben.go(f"{VIEW}?kind=filter")
    assert ben.problems() == []
    ben.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # a size
