"""Activity: sentences with before and after, filters, one event at its own address, files to take along."""

import csv
import io
import json
from urllib.parse import urlencode

import pytest

from keyholder.domain.activity import AREAS
from keyholder.domain.events import ACTIONS, Channel
from keyholder.interfaces.console.actions import AREA_NAMES, CHANNELS, NAMES
from keyholder.interfaces.console.shown.happenings import FIELDS
from keyholder.services.commands import bindings, people, resources
from keyholder.services.event_changes import INNER, OF_AN_ASSET
from keyholder.storage import replay
from tests.cast import OPERATOR, Cast, caller, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text
from tests.storage.rows import queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


def sentences(answer: object) -> list[str]:
    return [row.sentence for day in answer.context["days"] for row in day.happenings]  # type: ignore[attr-defined]  # the client's answer


def asked(**fields: str) -> str:
    return "/activity/?" + urlencode(fields)


def test_r_aud_4_what_happened_is_told_with_before_and_after(cast: Cast, signed_in: SignedIn) -> None:
    bindings.set_permissions(by=caller(cast.alice), of=cast.ben, on=cast.account, permissions=["collaborate"])
    page = signed_in(cast.alice).get("/activity/")
    first = page.context["days"][0].happenings[0]
    assert first.sentence == "Alice changed what Ben may do at Shop from Edit to Collaborate."
    assert [(d.label, d.before, d.after) for d in first.differences] == [("Permissions (Shop)", "Edit", "Collaborate")]
    assert first.channel == "Console"
    assert "Before and after" in text(page)


def test_r_aud_4_filters_narrow_it_and_can_be_cleared(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    assert sentences(browser.get(asked(subject="cleo", action="group"))) == ["Ben added Cleo to Analysts."]
    assert sentences(browser.get(asked(actor="Ben")))[0] == "Ben added Cleo to Analysts."
    assert sentences(browser.get(asked(resource="Web", action="access.granted")))[0] == "Alice gave Analysts Collaborate at Web."
    assert set(browser.get(asked(channel="cli")).context["days"][0].happenings[0].channel.split()) == {"Command", "line"}
    day = browser.get("/activity/").context["days"][0].happenings[0].at.date().isoformat()
    assert sentences(browser.get(asked(since=day, until=day)))
    page = browser.get(asked(since="2001-01-01", until="2001-12-31"))
    assert "Nothing happened that matches." in text(page)
    assert "Clear all filters" in text(page)


def test_refused_attempts_are_marked_and_found(cast: Cast, signed_in: SignedIn) -> None:
    signed_in(cast.cleo).post("/account/100/settings/", {"name": "Cleo's"})
    page = signed_in(cast.alice).get(asked(refused="yes"))
    assert sentences(page) == ['Cleo was refused: This needs "Edit" at Shop, which you do not hold there.']
    assert "Refused" in text(page)


def test_a_self_grant_is_marked(cast: Cast, signed_in: SignedIn) -> None:
    """R037: giving something to oneself stands out."""
    resource(cast.alice, "property", "UA-100-2", "App", cast.account)
    first = signed_in(cast.alice).get("/activity/").context["days"][0].happenings[0]
    assert first.sentence == "Alice gave Alice Manage Users, Edit, Collaborate, Read & Analyze at App."
    assert [badge.label for badge in first.badges] == ["To oneself"]


@pytest.mark.parametrize(
    "fields", [{"subject": "Zebra"}, {"resource": "Zebra"}, {"action": "nonsense"}, {"since": "soon"}, {"cursor": "x"}]
)
def test_what_can_not_be_asked_is_said_and_shows_nothing(cast: Cast, signed_in: SignedIn, fields: dict[str, str]) -> None:
    page = signed_in(cast.alice).get(asked(**fields))
    assert (page.status_code, sentences(page)) == (422, [])


def test_up_to_the_last_day_that_there_is_is_everything(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    assert sentences(browser.get(asked(since="0001-01-01", until="9999-12-31"))) == sentences(browser.get(asked())) != []


def test_pages_go_on_where_the_one_before_ended(cast: Cast, signed_in: SignedIn) -> None:
    for number in range(60):
        resources.rename(by=caller(cast.alice), resource=cast.view, name=f"All data {number}")
    browser = signed_in(cast.alice)
    first = browser.get(asked(resource="100"))
    second = browser.get(first.context["older_url"])
    seen = [row.url for page in (first, second) for day in page.context["days"] for row in day.happenings]
    assert len(first.context["days"][0].happenings) == 50
    assert len(seen) == len(set(seen)) > 60
    assert second.context["newest_url"] == "/activity/?resource=100"
    assert "Older" in text(first)
    assert "Newest" in text(second)


def test_one_event_has_an_address_of_its_own(cast: Cast, signed_in: SignedIn) -> None:
    people.suspend(by=OPERATOR, user=cast.ben, reason="on leave")
    resources.rename(by=caller(cast.alice), resource=cast.account, name="Store")
    browser = signed_in(cast.alice)
    row = browser.get("/activity/").context["days"][0].happenings[0]
    page = browser.get(row.url)
    assert "Alice changed Shop." in text(page) or "Alice changed Store." in text(page)
    assert "Name Shop Store" in text(page)
    about = {field.label: field.value for field in page.context["about"]}
    assert (about["Door"], about["Action"]) == ("Console", "resource.changed")
    assert signed_in(cast.dan).get(row.url).status_code == 404


def test_the_csv_holds_what_the_page_shows_and_no_formula(cast: Cast, signed_in: SignedIn) -> None:
    """R-CSV-1: a name that a spreadsheet would work out is text."""
    nasty = '=HYPERLINK("http://evil","x")'
    resource(cast.alice, "property", "=1+1", nasty, cast.account)
    answer = signed_in(cast.alice).get("/activity/activity.csv?action=resource.created&resource=Shop")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[0]["resource"] == "'" + nasty
    assert rows[0]["sentence"] == f"Alice created {nasty}."
    assert [row["sentence"] for row in rows] == sentences(signed_in(cast.alice).get(asked(action="resource.created", resource="Shop")))


def test_json_lines_hold_everything_as_it_is(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.alice).get("/activity/activity.jsonl?subject=cleo")
    rows = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    assert {row["subject"] for row in rows} == {"Cleo"}
    assert any(change["noun"] == "binding" for row in rows for change in row["changes"])
    assert signed_in(cast.alice).get("/activity/activity.csv?subject=zebra").status_code == 422


def test_every_action_and_every_door_has_its_words() -> None:
    assert set(NAMES) == set(ACTIONS)
    assert set(AREA_NAMES) == set(AREAS)
    assert set(CHANNELS) == set(Channel)


def test_every_column_that_is_shown_has_its_words() -> None:
    shown = {
        column
        for noun, table in replay.tables().items()
        for column in table.recorded  # type: ignore[attr-defined]  # what makes a table one of facts
        if column not in INNER and not column.endswith("_id") and (noun != "asset" or column in OF_AN_ASSET)
    }
    assert shown <= set(FIELDS)


def test_the_page_asks_as_much_for_many_events_as_for_few(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    few = queries(lambda: browser.get(asked(resource="1001")))
    for number in range(30):
        resources.rename(by=caller(cast.alice), resource=cast.view, name=f"All data {number}")
    assert queries(lambda: browser.get(asked(resource="1001"))) == few
