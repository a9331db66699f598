"""Why? Every way that leads to a yes; what would change a no, and whom to ask."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from keyholder.domain.windows import Window
from keyholder.engine.moment import Reason
from keyholder.interfaces.console.shown.explain import REASONS
from keyholder.services.commands import bindings, group_members, people
from tests.cast import OPERATOR, Cast, caller, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text
from tests.storage.rows import queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


def question(who: str, what: str, where: str) -> str:
    return "/explain/?" + urlencode({"who": who, "what": what, "where": where})


def test_r017_every_path_is_told_step_by_step(cast: Cast, signed_in: SignedIn) -> None:
    """R017: directly from the account, and through a group at the property."""
    page = signed_in(cast.alice).get(question("cleo@acme.example", "read_analyze", "view:1001"))
    answer = page.context["answer"]
    assert answer.sentence == "Cleo has “Read & Analyze” at All data."
    assert [path.label for path in answer.paths] == ["1. From Shop", "2. From Web through Analysts"]
    assert [step.text for step in answer.paths[1].steps] == [
        "Cleo",
        "is in Analysts",
        "holds Collaborate at Web",
        "Collaborate includes Read & Analyze",
        "which holds for everything below, also for All data",
        "Read & Analyze",
    ]
    assert "2 paths lead there" in text(page)


def test_r110_a_no_says_what_would_change_it_and_whom_to_ask(cast: Cast, signed_in: SignedIn) -> None:
    """R110: Cleo asks about herself, and is shown no link that she may not follow."""
    page = signed_in(cast.cleo).get(question("cleo@acme.example", "edit", "account:100"))
    answer = page.context["answer"]
    assert answer.sentence == "Cleo does not have “Edit” at Shop."
    assert answer.reason == "Other permissions are held there, this one is not. Held there: Read & Analyze."
    assert [fact.text for fact in answer.remedies] == ["“Read & Analyze” given here: Other permissions are held there, this one is not."]
    assert [(helper.name, helper.url) for helper in answer.helpers] == [("Alice", "")]


def test_alice_is_led_to_where_she_can_give_it(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.alice).get(question("ben@acme.example", "manage_users", "property:UA-100-1")).context["answer"]
    assert answer.remedies[0].text == "Give Ben “Manage Users” at Web."
    assert answer.remedies[0].url == f"/property/UA-100-1/users/{cast.ben}/"


def test_an_action_is_judged_where_it_belongs(cast: Cast, signed_in: SignedIn) -> None:
    """R032, R034: creating a filter is asked about a view and judged at the account."""
    answer = signed_in(cast.alice).get(question("cleo@acme.example", "filter.create", "view:1001")).context["answer"]
    assert answer.sentence == "At All data Cleo may not: Create a filter."
    assert answer.reason.startswith("It needs “Edit” at Shop.")
    assert answer.remedies[0].url == f"/account/100/users/{cast.cleo}/"


def test_what_is_over_is_told_with_its_end(cast: Cast, signed_in: SignedIn) -> None:
    from keyholder.interfaces.http import clock

    begun = clock.now() - timedelta(days=9)
    window = Window(ends_at=clock.now() - timedelta(days=2))
    bindings.grant(by=caller(cast.alice, begun), to=[cast.ben], on=cast.view, permissions=["manage_users"], window=window)
    answer = signed_in(cast.alice).get(question("ben@acme.example", "manage_users", "view:1001")).context["answer"]
    assert any("“Manage Users” given here: It has ended. (until " in fact.text for fact in answer.remedies)


def test_people_and_places_are_named_as_people_name_them(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    assert browser.get(question("Ben", "edit", "Shop")).context["answer"].allowed
    assert browser.get(question(" BEN@acme.example ", "edit", "100")).context["answer"].allowed


@pytest.mark.parametrize(
    ("who", "where", "said"),
    [
        ("Zebra", "Shop", 'Nobody you know here is called "Zebra" or has that address.'),
        ("Ben", "Zebra", 'Nothing that you can see is called "Zebra".'),
        ("Ben", "Site", '"Site" can mean several: Site 1 (property:S-1), Site 2 (property:S-2). Say which by its address or id.'),
    ],
)
def test_what_names_nobody_or_several_is_said_beside_the_field(cast: Cast, signed_in: SignedIn, who: str, where: str, said: str) -> None:
    for number in (1, 2):
        resource(cast.alice, "property", f"S-{number}", f"Site {number}", cast.account)
    page = signed_in(cast.alice).get(question(who, "edit", where))
    assert page.status_code == 422
    assert said in text(page)
    assert page.context["form"]["who"].value() == who


def test_r064_nobody_asks_about_others_where_they_manage_nobody(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.cleo).get(question("ben@acme.example", "edit", "account:100"))
    assert page.status_code == 403
    assert 'This needs "Manage Users" at Shop' in text(page)
    unknown = signed_in(cast.alice).get(question("nobody@elsewhere.example", "edit", "account:100")).context["answer"]
    outside = signed_in(cast.alice).get(question("eve@elsewhere.example", "edit", "account:100")).context["answer"]
    assert unknown.reason == outside.reason == "Nobody you know here has this address."


def test_a_suspended_person_is_told_apart(cast: Cast, signed_in: SignedIn) -> None:
    people.suspend(by=OPERATOR, user=cast.ben)
    answer = signed_in(cast.alice).get(question("ben@acme.example", "edit", "account:100")).context["answer"]
    assert (answer.allowed, answer.reason) == (False, "The person is suspended everywhere; an operator can change that.")
    assert answer.remedies == ()


def test_the_form_begins_with_oneself_and_offers_what_the_place_knows(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    page = browser.get("/explain/")
    assert page.context["form"]["who"].value() == "alice@acme.example"
    every = [name for _group, names in page.context["form"].fields["what"].choices for name, _label in names]
    assert {"edit", "edit_pixel", "filter.create", "pixel.create"} <= set(every)
    assert len(every) == len(set(every))
    here = browser.get("/explain/?where=account:100").context["form"].fields["what"].choices
    assert "edit_pixel" not in [name for _group, names in here for name, _label in names]


def test_every_reason_has_its_words() -> None:
    assert set(Reason) - set(REASONS) == {Reason.GRANTED}


def test_the_page_asks_as_much_for_many_paths_as_for_one(cast: Cast, signed_in: SignedIn) -> None:
    browser, asked = signed_in(cast.alice), question("cleo@acme.example", "read_analyze", "view:1001")
    few = queries(lambda: browser.get(asked))
    group_members.add(by=caller(cast.alice), group=cast.interns, members=[cast.cleo])
    bindings.grant(by=caller(cast.alice), to=[cast.interns], on=cast.view, permissions=["edit"])
    assert len(browser.get(asked).context["answer"].paths) > 2
    assert queries(lambda: browser.get(asked)) == few
