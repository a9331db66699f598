"""Check, explain, who and what: the answer, its exit code, and a note where a name is nobody's."""

from datetime import datetime

import pytest

from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied

pytestmark = pytest.mark.django_db

EDIT = ("--permission", "edit", "--resource", "view:1001")


@pytest.fixture(autouse=True)
def opened(noon: datetime) -> None:
    """Open the shop."""
    assert applied(SHOP).code == 0


class TestCheck:
    def test_ben_may_edit_below_his_account(self) -> None:
        """R007: a yes is the word allow and exit code 0."""
        done = run("check", "--user", "Ben@ACME.example", *EDIT)
        assert (done.code, done.out, done.err) == (0, "allow\n", "")

    def test_cleo_may_not_edit(self) -> None:
        done = run("check", "--user", "cleo@acme.example", *EDIT)
        assert (done.code, done.out, done.err) == (1, "deny\n", "")

    def test_bens_edit_ends_at_the_second_it_ends(self) -> None:
        """The facts of today are judged at another moment."""
        asked = ("check", "--user", "ben@acme.example", *EDIT, "--at")
        assert run(*asked, "2026-12-24T00:59:59+01:00").code == 0
        assert run(*asked, "2026-12-24T00:00:00Z").code == 1

    def test_an_action_is_judged_at_its_level(self) -> None:
        """R032: creating a filter needs edit at the account."""
        assert run("check", "--user", "ben@acme.example", "--action", "filter.create", "--resource", "view:1001").code == 0
        assert run("check", "--user", "alice@acme.example", "--action", "filter.create", "--resource", "view:1001").code == 1

    @pytest.mark.parametrize(
        ("user", "resource", "note"),
        [
            ("nobody@acme.example", "view:1001", "note: nobody here has the address nobody@acme.example"),
            ("no address", "view:1001", "note: nobody here has the address no address"),
            ("ben@acme.example", "view:1", "note: there is no view:1"),
        ],
    )
    def test_who_or_what_is_unknown_is_a_no_with_a_note(self, user: str, resource: str, note: str) -> None:
        """R-DEC-6, I-AZ-10."""
        done = run("check", "--user", user, "--permission", "edit", "--resource", resource)
        assert (done.code, done.out, done.reasons) == (1, "deny\n", [note])

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--permission", "fly", "--resource", "view:1001"),
            ("--permission", "manage", "--resource", "view:1001"),
            ("--action", "filter.fly", "--resource", "view:1001"),
            ("--permission", "edit", "--resource", "planet:1001"),
            ("--permission", "edit", "--resource", "view"),
            ("--permission", "edit", "--action", "filter.create", "--resource", "view:1001"),
            ("--resource", "view:1001"),
            ("--permission", "edit"),
            ("--permission", "edit", "--resource", "view:1001", "--at", "tomorrow"),
            ("--permission", "edit", "--resource", "view:1001", "--at", "2026-12-24T00:00:00"),
        ],
        ids=" ".join,
    )
    @pytest.mark.parametrize("command", ["check", "explain"])
    def test_a_name_that_no_platform_has_is_bad_input(self, command: str, arguments: tuple[str, ...]) -> None:
        done = run(command, "--user", "ben@acme.example", *arguments)
        assert (done.code, done.out, len(done.reasons)) == (2, "", 1)

    def test_json_says_the_decision_and_its_reason(self) -> None:
        assert run("check", "--user", "ben@acme.example", *EDIT, "--json").json == {"decision": True, "reason": "granted"}
        assert run("check", "--user", "x@acme.example", *EDIT, "--json").json == {"decision": False, "reason": "unknown_principal"}


class TestExplain:
    def test_r017_a_yes_names_every_way(self) -> None:
        done = run("explain", "--user", "cleo@acme.example", "--permission", "read_analyze", "--resource", "view:1001")
        assert (done.code, done.lines) == (
            0,
            ["allow: cleo@acme.example, read_analyze, view:1001", "  read_analyze from Web through Analysts (property:UA-100-1)"],
        )

    def test_r110_a_no_names_what_is_nearest_and_who_can_change_it(self) -> None:
        done = run("explain", "--user", "ben@acme.example", *EDIT, "--at", "2027-01-01T00:00:00Z")
        assert done.code == 0
        assert done.lines == [
            "deny: ben@acme.example, edit, view:1001",
            "  it has ended",
            "nearest:",
            "  edit from Shop until 2026-12-24T00:00:00Z (account:100): it has ended",
            "who can change it: alice@acme.example, olga@acme.example",
        ]

    def test_it_says_where_an_action_was_judged(self) -> None:
        done = run("explain", "--user", "alice@acme.example", "--action", "filter.create", "--resource", "view:1001")
        assert done.lines[:3] == [
            "deny: alice@acme.example, filter.create (edit), view:1001, judged at account:100",
            "  other permissions are held, this one is not",
            "  held here: manage_users",
        ]

    def test_nobody_can_be_asked_about_what_is_not_there(self) -> None:
        assert run("explain", "--user", "x@acme.example", *EDIT).lines == [
            "deny: x@acme.example, edit, view:1001",
            "  nobody here has this address",
        ]

    def test_json_holds_paths_and_near_misses(self) -> None:
        found = run("explain", "--user", "ben@acme.example", *EDIT, "--at", "2027-01-01T00:00:00Z", "--json").json
        assert (found["decision"], found["reason"], found["permission"]) == (False, "ended", "edit")
        assert found["near_misses"][0]["reasons"] == ["ended"]
        assert found["near_misses"][0]["source"]["until"] == "2026-12-24T00:00:00Z"
        assert found["ask"][0] == {"user": "alice@acme.example", "name": "Alice"}


class TestLists:
    def test_who_lists_people_and_service_accounts_with_their_sources(self) -> None:
        """R040: local, effective, and where it comes from."""
        who = {row.get("user") or row["service_account"]: row for row in run("who", "--resource", "view:1001", "--json").json}
        assert sorted(who) == ["alice@acme.example", "ben@acme.example", "cleo@acme.example", "olga@acme.example", "reporter"]
        assert (who["ben@acme.example"]["local"], who["ben@acme.example"]["effective"]) == ([], ["edit", "collaborate", "read_analyze"])
        assert who["ben@acme.example"]["sources"] == [
            {
                "kind": "direct",
                "words": "from Shop",
                "resource": "account:100",
                "inherited": True,
                "permissions": ["edit", "collaborate", "read_analyze"],
                "until": "2026-12-24T00:00:00Z",
            }
        ]

    def test_who_shows_a_table_with_every_name_in_full(self) -> None:
        lines = run("who", "--resource", "account:100").lines
        assert lines[0].split() == ["who", "name", "local", "effective", "sources"]
        assert lines[1].split() == ["alice@acme.example", "Alice", "manage_users", "manage_users", "manage_users", "given", "here"]

    def test_what_goes_through_the_tree_from_the_top(self) -> None:
        reach = run("what", "--user", "cleo@acme.example", "--json").json
        assert [row["resource"] for row in reach] == ["property:UA-100-1", "view:1001"]

    def test_who_has_nothing_has_an_empty_list(self) -> None:
        assert run("what", "--user", "dan@acme.example", "--json").json == []
        assert run("what", "--user", "dan@acme.example").out == ""

    def test_who_or_what_is_not_there_is_refused_by_name(self) -> None:
        who, what = run("who", "--resource", "view:1"), run("what", "--user", "x@acme.example")
        assert (who.code, who.reasons) == (1, ["There is no view:1."])
        assert (what.code, what.reasons) == (1, ["Nobody here has the address x@acme.example."])

    def test_names_reach_the_terminal_whole_but_harmless(self) -> None:
        """R-LOG-1: what moves a cursor or turns a line around is shown as its number."""
        from keyholder.storage.models import Resource

        Resource.objects.filter(key="1001").update(name="All\u009b2J \u202etxt\ndata")
        shown = run("what", "--user", "cleo@acme.example")
        assert "All\\u009b2J \\u202etxt\\u000adata" in shown.lines[2]
        listed = run("what", "--user", "cleo@acme.example", "--json")
        assert len(listed.lines) == 1
        assert listed.json[1]["name"] == "All\u009b2J \u202etxt\ndata"
        assert listed.out.rstrip("\n").isprintable()
