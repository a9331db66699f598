"""User management at a node: who is listed, found, filtered, sorted, and taken along as a table (R040, R047, R050, R059 to R064)."""

import csv
import re
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from keyholder.domain.policies import Policy, PolicyMode
from keyholder.services.commands import bindings, group_members, organizations, people, resources
from keyholder.storage.models import Binding
from tests.cast import NOW, OPERATOR, Cast, group, person, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import crumbs, text
from tests.storage.rows import crowd, queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")

WEB, SHOP = "/property/UA-100-1/users/", "/account/100/users/"
NASTY = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.fixture
def alice(cast: Cast, signed_in: SignedIn) -> Client:
    """Sign Alice in."""
    return signed_in(cast.alice)


def names(answer: Any) -> list[str]:
    """Return who is on the page, in order."""
    return [row.who.name for row in answer.context["rows"]]


class TestTheList:
    def test_r040_r064_everybody_with_access_in_whatever_way(self, alice: Client) -> None:
        """R040: with links to the platform's help on permissions and groups; the path in the tree stands above."""
        page = alice.get(WEB)
        assert names(page) == ["Alice", "Ben", "Cleo"]
        assert crumbs(page) == ["Google Analytics", "Shop", "Web", "User management"]
        expected = [("People", 3), ("Groups", 2), ("Invitations", 0), ("Requests", 0)]
        assert [(tab.label, tab.count) for tab in page.context["tabs"]] == expected
        assert re.findall(r'href="(https://[^"]+)" rel="noreferrer">About (permissions|groups)', page.content.decode())

    def test_r016_r017_each_says_what_is_given_here_and_where_the_rest_comes_from(self, cast: Cast, alice: Client) -> None:
        """R017: with the way to the place where it can be changed."""
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["manage_users"])
        cleo = alice.get(WEB).context["rows"][2]
        assert [(chip.label, chip.local, chip.source, chip.url) for chip in cleo.chips] == [
            ("Manage Users", True, "", ""),
            ("Read & Analyze", False, "from Shop", f"/account/100/users/{cast.cleo}/"),
            ("Collaborate", False, "through Analysts", f"/groups/{cast.analysts}/"),
        ]
        assert [source.label for source in cleo.sources] == ["Given here", "From Shop", "Through Analysts"]

    def test_r017_who_manages_only_the_property_is_led_nowhere_else(self, cast: Cast, signed_in: SignedIn) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        cleo = signed_in(cast.ben).get(WEB).context["rows"][2]
        assert [chip.url for chip in cleo.chips] == ["", f"/groups/{cast.analysts}/"]

    def test_r050_people_are_removed_at_the_account_only(self, cast: Cast, alice: Client) -> None:
        """R050, R051: below it the page says where."""
        here, above = alice.get(WEB).context["rows"][1], alice.get(SHOP).context["rows"][1]
        assert (here.remove_url, above.remove_url) == ("", f"{SHOP}{cast.ben}/remove/")
        assert "at the account Shop" in here.remove_refusal
        assert "People are removed at the account Shop" in text(alice.get(WEB))

    def test_r049_what_is_given_here_can_be_taken_away_here(self, cast: Cast, alice: Client) -> None:
        rows = {row.who.name: row for row in alice.get(SHOP).context["rows"]}
        assert (rows["Ben"].take_url, rows["Alice"].take_url) == (f"{SHOP}{cast.ben}/take/", "")
        assert (rows["Ben"].give_up_url, rows["Alice"].give_up_url) == ("", "/account/100/give-up/")
        assert all(not row.take_url for row in alice.get(WEB).context["rows"]), "to the others nothing is given there"

    def test_a_platform_of_roles_shows_roles(self, cast: Cast, signed_in: SignedIn) -> None:
        from keyholder.domain.identifiers import ResourceRef
        from keyholder.services.commands.resources import NewResource

        host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h"), "Agency", None), administrator=cast.ben)
        resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.alice)
        page = signed_in(cast.alice).get("/host_account/7/users/")
        assert [(row.who.name, [chip.label for chip in row.chips]) for row in page.context["rows"]] == [
            ("Alice", ["Administrator"]),
            ("Ben", ["Administrator"]),
        ]
        assert not page.context["rows"][1].chips[0].local
        assert "Remove permissions" not in text(page), "a role is held as a whole"


class TestFinding:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("q=BEN", ["Ben"]),
            ("q=cleo@acme", ["Cleo"]),
            ("q=analy", ["Cleo"]),
            ("name=li", ["Alice"]),
            ("address=acme.example", ["Alice", "Ben", "Cleo"]),
            ("admin=yes", ["Alice"]),
            ("admin=no", ["Ben", "Cleo"]),
            ("permission=edit", ["Alice", "Ben"]),
            ("permission=edit&admin=no", ["Ben"]),
            ("outside=yes", []),
            ("origin=direct", ["Alice"]),
            ("origin=inherited&q=acme", ["Ben", "Cleo"]),
            ("status=active", ["Alice", "Ben", "Cleo"]),
            ("ending=30", []),
        ],
    )
    def test_r059_r060_r061_by_the_search_box_and_by_filters_that_combine(self, alice: Client, asked: str, found: list[str]) -> None:
        assert names(alice.get(f"{WEB}?{asked}")) == found

    def test_r061_a_group_is_chosen_from_those_of_the_organization(self, cast: Cast, alice: Client) -> None:
        page = alice.get(f"{WEB}?group={cast.analysts}&permission=collaborate")
        assert names(page) == ["Cleo"]
        assert [(chip.label, chip.value) for chip in page.context["filters"]] == [("Permission", "Collaborate"), ("Group", "Analysts")]

    def test_r061_a_filter_is_taken_away_by_itself_or_with_all_others(self, alice: Client) -> None:
        page = alice.get(f"{WEB}?q=e&permission=edit&admin=no&sort=until&order=descending")
        urls = [chip.remove_url for chip in page.context["filters"]]
        assert urls == ["?q=e&sort=until&order=descending&admin=no", "?q=e&sort=until&order=descending&permission=edit"]
        assert page.context["clear_url"] == "?sort=until&order=descending"

    @pytest.mark.parametrize(
        "asked",
        [
            "sort=password",
            "order=sideways",
            "tab=all",
            "group=x",
            "group=-1",
            "group=99999999999",
            "admin=perhaps",
            "origin=",
            "status=gone",
        ],
    )
    def test_r_orm_1_what_is_no_such_list_is_refused(self, alice: Client, asked: str) -> None:
        assert alice.get(f"{WEB}?{asked}").status_code == (200 if asked.endswith("=") else 400)

    @pytest.mark.parametrize("asked", ["permission=fly", "cursor=abc", "cursor=WzAsIFtdXQ:x"])
    def test_r_orm_1_an_unknown_permission_and_a_changed_cursor_are_refused(self, alice: Client, asked: str) -> None:
        assert alice.get(f"{WEB}?{asked}").status_code == 422

    def test_an_empty_page_says_where_there_is_something(self, cast: Cast, alice: Client) -> None:
        page = alice.get(f"{WEB}?q=intern")
        assert names(page) == []
        assert all(words in text(page) for words in ("No one matches “intern” in People.", "1 in Groups", "Show everybody", "Add people"))
        assert "No one in People matches all of this." in text(alice.get(f"{WEB}?q=intern&admin=yes"))
        assert "No group has access to Shop yet." in text(alice.get(f"{SHOP}?tab=groups"))

    def test_both_tabs_count_what_matches(self, alice: Client) -> None:
        page = alice.get(f"{WEB}?q=analysts&tab=groups")
        assert names(page) == ["Analysts"]
        assert [(tab.count, tab.url) for tab in page.context["tabs"][:2]] == [(1, "?q=analysts&tab=people"), (1, "?q=analysts&tab=groups")]


class TestOnlyBelow:
    """Who holds nothing here but something below: named under the list, listed by a filter (R040, R061)."""

    def test_r040_r061_a_line_says_how_many_and_leads_to_them(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan, person("Eve")], on=cast.view, permissions=["edit"])
        page = alice.get(f"{SHOP}?sort=address")
        assert "2 more have access only below Shop. Show them" in text(page)
        assert page.context["below_url"] == "?sort=address&tab=people&origin=below"
        listed = alice.get(SHOP + page.context["below_url"])
        assert names(listed) == ["Dan", "Eve"]
        assert [(chip.label, chip.value) for chip in listed.context["filters"]] == [("Direct or inherited", "Only below")]
        assert [(tab.label, tab.count) for tab in listed.context["tabs"][:2]] == [("People", 2), ("Groups", 2)]
        assert "more have" not in text(listed)
        assert "People: Only below" in text(listed)
        (dan, _eve) = listed.context["rows"]
        assert (dan.chips, dan.take_url, dan.remove_url) == ((), "", f"{SHOP}{cast.dan}/remove/")
        for url in (dan.edit_url, dan.permissions_url, dan.remove_url, dan.why_url, dan.sources[0].url):
            assert alice.get(url).status_code == 200
        assert [(source.label, source.url) for source in dan.sources] == [("At All data", f"/view/1001/users/{cast.dan}/edit/")]

    def test_r069_a_group_that_nobody_is_in_yet_is_led_to_from_either_tab(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[group(cast.alice, cast.acme, "Helpers")], on=cast.view, permissions=["edit"])
        for tab in ("people", "groups"):
            page = alice.get(f"{WEB}?tab={tab}")
            assert "1 more has access only below Web. Show them" in text(page)
            assert names(alice.get(WEB + page.context["below_url"])) == ["Helpers"]

    def test_where_there_is_nobody_nothing_is_said(self, alice: Client) -> None:
        assert "only-below" not in alice.get(WEB).content.decode()

    def test_r061_whoever_is_outside_the_policy_only_below_is_named_where_violators_are_listed(self, cast: Cast, alice: Client) -> None:
        """R088: the way from the policy's page leads here."""
        policy = Policy(PolicyMode.ADVISORY, blocked_addresses=("dan@acme.example",))
        organizations.set_policy(by=OPERATOR, organization=cast.acme, policy=policy)
        bindings.grant(by=OPERATOR, to=[cast.dan, person("Eve")], on=cast.view, permissions=["edit"])
        page = alice.get(f"{SHOP}?outside=yes")
        assert "1 more has access only below Shop." in text(page)
        assert names(alice.get(SHOP + page.context["below_url"])) == ["Dan"]

    def test_the_table_says_where(self, cast: Cast, alice: Client) -> None:
        for number in range(3):
            view = resource(cast.alice, "view", f"200{number}", f"View {number}", cast.property)
            bindings.grant(by=OPERATOR, to=[cast.dan], on=view, permissions=["edit"])
        rows = list(csv.reader(StringIO(alice.get(f"{SHOP}csv/?origin=below").content.decode("utf-8-sig"), newline="")))
        assert [row[:7] for row in rows[1:]] == [
            ["Dan", "dan@acme.example", "Person", "", "", "", "At View 0, At View 1, and 1 more place"]
        ]


class TestOrder:
    def test_r062_a_click_sorts_and_the_next_one_turns_it_round(self, alice: Client) -> None:
        page = alice.get(f"{WEB}?sort=permissions")
        assert [(column.label, column.direction, column.url) for column in page.context["columns"]][:2] == [
            ("Person", "", "?sort=name"),
            ("Permissions here", "ascending", "?sort=permissions&order=descending"),
        ]
        assert page.content.decode().count('aria-sort="ascending"') == 1
        assert names(alice.get(f"{WEB}?sort=permissions&order=descending")) == names(page)[::-1]

    def test_every_column_sorts(self, alice: Client) -> None:
        for column in alice.get(WEB).context["columns"]:
            assert sorted(names(alice.get(WEB + column.url))) == ["Alice", "Ben", "Cleo"]

    def test_r047_pages_follow_each_other_and_keep_what_was_asked(self, cast: Cast, alice: Client) -> None:
        admit(120, cast)
        first = alice.get(f"{SHOP}?q=guest&sort=address")
        second = alice.get(SHOP + first.context["pages"].next_url)
        third = alice.get(SHOP + second.context["pages"].next_url)
        assert [len(names(page)) for page in (first, second, third)] == [50, 50, 20]
        assert "q=guest&sort=address&cursor=" in first.context["pages"].next_url
        assert names(alice.get(SHOP + third.context["pages"].previous_url)) == names(second)
        assert "All 120 who match" in text(first)


class TestTheTable:
    def rows(self, client: Client, asked: str = "") -> list[list[str]]:
        answer = client.get(f"{WEB}csv/{asked}")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))

    def test_it_holds_everybody_who_matches_on_whatever_page(self, cast: Cast, alice: Client) -> None:
        admit(260, cast)
        assert len(self.rows(alice)) == 264
        found = self.rows(alice, "?permission=collaborate&admin=no&sort=name")
        assert [row[:7] for row in found[1:]] == [
            ["Ben", "ben@acme.example", "Person", "", "Edit", "Edit", "from Shop"],
            ["Cleo", "cleo@acme.example", "Person", "", "Read & Analyze, Collaborate", "Collaborate", "from Shop, through Analysts"],
        ]
        assert alice.get(SHOP + "?q=guest").context["csv_url"] == f"{SHOP}csv/?q=guest"

    def test_r_csv_1_no_name_is_a_formula(self, cast: Cast, alice: Client) -> None:
        people.rename_user(by=OPERATOR, user=cast.ben, name='=HYPERLINK("https://evil.example")')
        assert self.rows(alice, "?permission=edit&admin=no")[1][0] == '\'=HYPERLINK("https://evil.example")'

    def test_groups_and_machines_say_what_they_are(self, cast: Cast, alice: Client) -> None:
        machine = people.create_service_account(by=OPERATOR, name="reporter")
        bindings.grant(by=OPERATOR, to=[machine], on=cast.property, permissions=["read_analyze"])
        assert [row[2] for row in self.rows(alice, "?tab=groups")[1:]] == ["Group", "Group"]
        assert self.rows(alice, "?q=reporter")[1][:4] == ["reporter", "", "Service account", "Read & Analyze"]


def test_r_xss_1_what_people_wrote_is_text(cast: Cast, alice: Client) -> None:
    people.rename_user(by=OPERATOR, user=cast.ben, name=NASTY)
    resources.rename(by=OPERATOR, resource=cast.property, name=NASTY)
    nasty = group(cast.alice, cast.acme, NASTY)
    group_members.add(by=OPERATOR, group=nasty, members=[cast.ben])
    bindings.grant(by=OPERATOR, to=[nasty, cast.ben], on=cast.property, permissions=["edit"])
    for url in (WEB, f"{WEB}?q={NASTY}&group={nasty}", f"{WEB}?tab=groups", f"{WEB}add/", f"{WEB}{cast.ben}/", f"{WEB}{cast.ben}/take/"):
        page = alice.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_page_costs_the_same_whatever_its_size(cast: Cast, alice: Client) -> None:
    few = queries(lambda: alice.get(WEB))
    admit(60, cast)
    for number in range(5):
        group(cast.alice, cast.acme, f"Group {number}")
    assert queries(lambda: alice.get(WEB)) == few


def admit(count: int, cast: Cast) -> None:
    """Let many guests read the account, by rows alone."""
    rows = [Binding(principal_id=guest, resource_id=cast.account, permissions="read_analyze", mask=1) for guest in crowd(count)]
    Binding.objects.bulk_create(rows, batch_size=500)


def test_a_guest_who_was_never_seen_and_one_who_leaves_soon(cast: Cast, alice: Client) -> None:
    from datetime import timedelta

    from keyholder.domain.windows import Window

    bindings.grant(
        by=OPERATOR, to=[person("Eve")], on=cast.property, permissions=["edit"], window=Window(ends_at=NOW + timedelta(days=3650))
    )
    eve = next(row for row in alice.get(WEB).context["rows"] if row.who.name == "Eve")
    assert (eve.seen, eve.until) == (None, NOW + timedelta(days=3650))
