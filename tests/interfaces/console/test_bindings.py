"""The permission editor in the console, and taking away: local and inherited apart, looked at before it is saved (R012, R016, R048)."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.windows import Window
from keyholder.interfaces.console.forms import windows
from keyholder.services.commands import bindings, people, resources
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Binding
from tests.cast import NOW, OPERATOR, Cast, holds, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.services.holding import ticked
from tests.storage.rows import queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")

WEB, SHOP = "/property/UA-100-1/users/", "/account/100/users/"
FAR = Window(ends_at=NOW + timedelta(days=4000))


@pytest.fixture
def alice(cast: Cast, signed_in: SignedIn) -> Client:
    """Sign Alice in."""
    return signed_in(cast.alice)


def send(client: Client, url: str, step: str, *permissions: str, **more: object) -> Any:
    """Send the form."""
    return client.post(url, {"permissions": permissions, "step": step, **more})


def save(client: Client, url: str, *permissions: str, **more: object) -> Any:
    """Look at what would change, then save it."""
    shown = send(client, url, "review", *permissions, **more)
    return send(client, url, "save", *permissions, **more, reviewed=shown.context["reviewed"])


def options(page: Any, picker: int = 0) -> dict[str, tuple[bool, str]]:
    """Return what is ticked, and where it comes from."""
    return {option.name: (option.checked, option.floor) for option in page.context["pickers"][picker].options}


class TestTheEditor:
    def test_r012_r016_what_comes_from_elsewhere_is_ticked_and_stays(self, cast: Cast, alice: Client) -> None:
        """R012, R016, R017: with its source, and the way to the place where it can be changed."""
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["manage_users"])
        page = alice.get(f"{WEB}{cast.cleo}/")
        assert options(page) == {
            "manage_users": (True, ""),
            "edit": (False, ""),
            "collaborate": (False, "through Analysts"),
            "read_analyze": (False, "from Shop"),
        }
        inputs = {m[1]: m[0] for m in re.findall(r'(<input class="tick"[^>]*value="(\w+)"[^>]*>)', page.content.decode())}
        assert {name: ("checked" in tag, "disabled" in tag) for name, tag in inputs.items()} == {
            "manage_users": (True, False),
            "edit": (False, False),
            "collaborate": (True, True),
            "read_analyze": (True, True),
        }
        assert [(fact.text, fact.url) for fact in page.context["floor"]] == [
            ("Read & Analyze from Shop.", f"{SHOP}{cast.cleo}/"),
            ("Collaborate through Analysts.", f"/groups/{cast.analysts}/"),
        ]

    def test_what_is_given_here_as_well_can_be_unticked(self, cast: Cast, alice: Client) -> None:
        """Only the local binding is changed; what comes from above is said to stay (R016, R058)."""
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["read_analyze"])
        url = f"{WEB}{cast.cleo}/"
        assert options(alice.get(url))["read_analyze"] == (True, "from Shop")
        assert re.search(r'value="read_analyze"\s+checked\s*>', alice.get(url).content.decode())
        shown = send(alice, url, "review")
        assert "Nobody gains or loses anything at once." in text(shown)
        assert shown.context["is_change"]
        assert save(alice, url).status_code == 302
        assert ticked(cast.cleo, cast.property) == []
        assert "read_analyze" in holds(cast.cleo, cast.property)

    def test_r018_a_group_and_a_machine_are_edited_alike(self, cast: Cast, alice: Client) -> None:
        machine = people.create_service_account(by=OPERATOR, name="reporter")
        for principal, shown in ((cast.analysts, "Analysts"), (machine, "reporter")):
            url = f"{SHOP}{principal}/"
            assert f"What {shown} may do at Shop" in text(alice.get(url))
            assert save(alice, url, "read_analyze").status_code == 302
            assert ticked(principal, cast.account) == ["read_analyze"]

    def test_it_costs_the_same_however_much_there_is(self, cast: Cast, alice: Client) -> None:
        url = f"{WEB}{cast.cleo}/"
        few = queries(lambda: alice.get(url))
        for days in range(1, 6):
            window = Window(ends_at=NOW + timedelta(days=4000 + days))
            bindings.grant(by=OPERATOR, to=[cast.cleo, cast.interns], on=cast.property, permissions=["edit"], window=window)
        assert queries(lambda: alice.get(url)) == few


class TestLookingFirst:
    def test_r048_nothing_changes_before_it_is_saved(self, cast: Cast, alice: Client) -> None:
        url = f"{WEB}{cast.ben}/"
        shown = send(alice, url, "review", "manage_users")
        assert all(words in text(shown) for words in ("gains Manage Users", "Views below: 1"))
        assert ticked(cast.ben, cast.property) == []
        answer = save(alice, url, "manage_users")
        assert (answer.status_code, answer["Location"]) == (302, WEB)
        assert toast(alice.get(WEB)) == "What Ben may do at Web was changed."
        assert ticked(cast.ben, cast.property) == ["manage_users"]

    def test_r048_only_what_was_looked_at_is_saved(self, cast: Cast, alice: Client) -> None:
        """Another choice, or somebody else's change in between: it is shown again instead."""
        url = f"{WEB}{cast.ben}/"
        seal = send(alice, url, "review", "manage_users").context["reviewed"]
        for permissions in (("edit",), ("manage_users", "edit")):
            answer = send(alice, url, "save", *permissions, reviewed=seal)
            assert (answer.status_code, "Nothing was saved" in text(answer)) == (200, True)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["collaborate"])
        assert "Nothing was saved" in text(send(alice, url, "save", "manage_users", reviewed=seal))
        assert "Nothing was saved" in text(send(alice, url, "save", "manage_users"))
        assert ticked(cast.ben, cast.property) == ["collaborate"]

    def test_a_groups_people_are_named(self, cast: Cast, alice: Client) -> None:
        shown = text(send(alice, f"{WEB}{cast.analysts}/", "review"))
        assert re.search(r"Cleo .*loses.* Collaborate", shown)
        assert "Keeps Read & Analyze, from Shop." in shown

    def test_what_changes_nothing_cannot_be_saved(self, cast: Cast, alice: Client) -> None:
        shown = send(alice, f"{SHOP}{cast.ben}/", "review", "edit")
        assert "This changes nothing." in text(shown)
        assert re.search(r'value="save"\s+disabled', shown.content.decode())

    def test_r058_what_remains_is_said_with_the_way_that_leads_there(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["edit"])
        url = f"{WEB}{cast.cleo}/"
        shown = send(alice, url, "review")
        assert [(fact.text, fact.url) for fact in shown.context["unsaid"]][1:3] == [
            ("Cleo still has Read & Analyze at Web, from Shop.", f"{SHOP}{cast.cleo}/"),
            ("Cleo still has Collaborate at Web, through Analysts.", f"/groups/{cast.analysts}/"),
        ]
        page = alice.get(save(alice, url)["Location"]).content.decode()
        assert f'through Analysts. <a class="link" href="/groups/{cast.analysts}/">Open Analysts</a>' in page

    def test_r056_the_last_manager_stays_and_what_was_chosen_too(self, cast: Cast, alice: Client) -> None:
        answer = save(alice, f"{SHOP}{cast.alice}/", "edit")
        assert (answer.status_code, "The last manager stays" in text(answer)) == (409, True)
        assert (options(answer)["manage_users"], options(answer)["edit"]) == ((False, "as an admin of Acme"), (True, ""))
        assert "manage_users" in ticked(cast.alice, cast.account)


class TestTime:
    def test_r056_a_last_day_makes_what_is_given_end(self, cast: Cast, alice: Client) -> None:
        url = f"{SHOP}{cast.ben}/"
        shown = text(send(alice, url, "review", "edit", ends_on="2030-12-31"))
        assert "What Ben is given at Shop ends with 31 December 2030." in shown
        save(alice, url, "edit", ends_on="2030-12-31")
        row = Binding.objects.get(principal=cast.ben, resource=cast.account)
        assert windows.last_day(Window(row.starts_at, row.ends_at)).isoformat() == "2030-12-31"  # type: ignore[union-attr]  # it has an end

    def test_each_window_is_edited_by_itself(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"], window=FAR)
        page = alice.get(f"{SHOP}{cast.ben}/")
        assert len(page.context["others"]) == 1
        assert "Manage Users, until" in text(page)
        url = page.context["others"][0].url
        assert url == f"{SHOP}{cast.ben}/?{urlencode({'until': windows.written(FAR)['until']})}"
        assert options(alice.get(url))["manage_users"] == (True, "")
        day = windows.last_day(FAR)
        save(alice, url, "collaborate", ends_on=str(day))
        assert (ticked(cast.ben, cast.account, FAR), ticked(cast.ben, cast.account)) == (["collaborate"], ["edit"]), "to the second"
        shown = send(alice, url, "review", "collaborate", ends_on="")
        assert "has no end any more" in text(shown)

    @pytest.mark.parametrize(("day", "said"), [("2020-01-01", "This day is over."), ("never", "Enter a valid date.")])
    def test_what_is_wrong_is_said_and_what_was_ticked_stays(self, cast: Cast, alice: Client, day: str, said: str) -> None:
        answer = send(alice, f"{SHOP}{cast.ben}/", "save", "manage_users", ends_on=day)
        assert (answer.status_code, said in text(answer), day in answer.content.decode()) == (422, True, True)
        assert options(answer)["manage_users"] == (True, "")

    def test_a_day_before_the_beginning_is_refused(self, cast: Cast, alice: Client) -> None:
        later = Window(starts_at=NOW + timedelta(days=4000))
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["manage_users"], window=later)
        url = f"/view/1001/users/{cast.ben}/?{urlencode(windows.written(later))}"
        answer = send(alice, url, "review", "manage_users", ends_on="2030-01-01")
        assert (answer.status_code, "This day is before it begins." in text(answer)) == (422, True)
        assert "which begins on" in text(alice.get(f"/view/1001/users/{cast.ben}/"))

    def test_what_is_no_window_is_refused(self, cast: Cast, alice: Client) -> None:
        assert alice.get(f"{SHOP}{cast.ben}/?since=soon").status_code == 422

    def test_what_has_ended_is_history(self, cast: Cast, alice: Client) -> None:
        ended = Window(ends_at=NOW - timedelta(days=1))
        Binding.objects.create(principal_id=cast.ben, resource_id=cast.view, permissions="edit", mask=4, ends_at=ended.ends_at)
        page = alice.get(f"/view/1001/users/{cast.ben}/")
        assert [(fact.text, fact.url) for fact in page.context["others"]] == [("Edit, which ended with 21 November 2026.", "")]


class TestRoles:
    def test_r089_one_role_takes_the_place_of_another(self, cast: Cast, alice: Client) -> None:
        host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h"), "Agency", None), administrator=cast.alice)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="standard")
        url = f"/host/h/users/{cast.ben}/"
        page = alice.get(url)
        assert {name: checked for name, (checked, _floor) in options(page).items()} == {
            "administrator": False,
            "standard": True,
            "view_only": False,
            "": False,
        }
        shown = alice.post(url, {"role": "view_only", "step": "review"})
        assert "loses Delete account" in text(shown)
        alice.post(url, {"role": "view_only", "step": "save", "reviewed": shown.context["reviewed"]})
        assert ticked(cast.ben, host) == ["view_only"]
        shown = alice.post(url, {"role": "", "step": "review"})
        assert "Nothing is given to Ben at Agency any more." in text(shown)

    def test_r108_where_both_are_given_either_is_chosen(self, cast: Cast, alice: Client) -> None:
        mine = resource(cast.alice, "resource", "r1", "Analytics")
        bindings.grant(by=OPERATOR, to=[cast.ben], on=mine, permissions=["view"])
        url = f"/resource/r1/users/{cast.ben}/"
        page = alice.get(url)
        assert (options(page)["view"], options(page, 1)[""]) == ((True, ""), (True, ""))
        both = alice.post(url, {"permissions": ["view"], "role": "owner", "step": "review"})
        assert (both.status_code, "not both" in text(both)) == (422, True)
        shown = alice.post(url, {"role": "owner", "step": "review"})
        alice.post(url, {"role": "owner", "step": "save", "reviewed": shown.context["reviewed"]})
        assert ticked(cast.ben, mine) == ["owner"]


class TestTakingAway:
    def test_r049_r051_everything_given_here_goes_and_what_remains_is_said(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["edit"])
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["manage_users"], window=FAR)
        url = f"{WEB}{cast.cleo}/take/"
        page = text(alice.get(url))
        assert all(words in page for words in ("Edit, without an end.", "Manage Users, until", "Cleo loses", "through Analysts"))
        answer = alice.post(url)
        assert (answer.status_code, answer["Location"]) == (302, WEB)
        assert not Binding.objects.filter(principal=cast.cleo, resource=cast.property).exists()
        assert "Nothing is given to Cleo at Web any more." in toast(alice.get(WEB))

    def test_r012_what_is_not_given_here_is_refused_with_its_source(self, cast: Cast, alice: Client) -> None:
        answer = alice.post(f"{WEB}{cast.ben}/take/")
        assert (answer.status_code, "from Shop; take it away there." in text(answer)) == (409, True)
