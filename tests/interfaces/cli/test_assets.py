"""Assets on the command line: listed, made, changed, shared, marked, applied, deleted; and through the state file (semantics 8)."""

from pathlib import Path
from typing import Any

import pytest

from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied, shop

pytestmark = pytest.mark.django_db


def number(*arguments: str) -> str:
    """Make an asset and return its number."""
    done = run("asset", "create", *arguments, "--json")
    assert (done.code, done.json["done"]) == (0, "created"), done.err
    return str(done.json["asset"])


def test_a_segment_of_cleo_s_is_made_changed_shared_and_deleted(tmp_path: Path) -> None:
    applied(SHOP)
    body = tmp_path / "paying.json"
    body.write_text('{"paid": ">0"}', encoding="utf-8")
    own = number("--resource", "view:1001", "--kind", "segment", "--name", "Paying", "--owner", "cleo@acme.example", "--body", str(body))
    assert run("asset", "list", "--resource", "view:1001", "--json").json == {
        "number": int(own),
        "kind": "segment",
        "name": "Paying",
        "description": "",
        "body": '{"paid": ">0"}',
        "resource": "view:1001",
        "owner": "cleo@acme.example",
        "marked": False,
        "applied": [],
    }
    assert run("asset", "change", own, "--description", "Who paid").out.strip() == f"changed: {own}"
    copy = run("asset", "share", own, "--name", "Buyers", "--json").json["asset"]
    listed = run("asset", "list", "--resource", "view:1001", "--kind", "segment").out
    assert ("Buyers" in listed, "cleo@acme.example" in listed) == (True, True)
    assert [run("asset", "delete", each).code for each in (own, str(copy))] == [0, 0]
    assert run("asset", "list", "--resource", "view:1001", "--json").out == ""


def test_a_filter_is_applied_and_taken_off() -> None:
    applied(SHOP)
    robots = number("--resource", "account:100", "--kind", "filter", "--name", "No robots")
    assert run("asset", "apply", robots, "--resource", "view:1001").out.strip() == f"applied: {robots}"
    assert run("asset", "list", "--resource", "account:100", "--json").json["applied"] == ["view:1001"]
    assert "No robots" in run("asset", "list", "--resource", "view:1001").out
    assert run("asset", "withdraw", robots, "--resource", "view:1001", "--json").json == {"asset": int(robots), "done": "withdrawn"}


def test_an_application_is_marked_as_visible() -> None:
    applied(SHOP)
    agency = [
        {"type": "host", "id": "h1", "name": "Agency", "awaiting_manager": True},
        {"type": "host_account", "id": "7", "name": "Client", "parent": "host:h1", "awaiting_manager": True},
    ]
    assert applied({"version": 1, "resources": agency}).code == 0
    app = number("--resource", "host_account:7", "--kind", "application", "--name", "App", "--marked")
    assert run("asset", "list", "--resource", "host_account:7", "--json").json["marked"] is True
    assert run("asset", "mark", app, "--off").out.strip() == f"unmarked: {app}"
    assert run("asset", "mark", app).out.strip() == f"marked: {app}"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("list", "--resource", "view"), 2, "not TYPE:ID"),
        (("list", "--resource", "view:1001", "--kind", "planet"), 2, "no kind of assets"),
        (("create", "--resource", "view:9", "--kind", "segment", "--name", "X"), 1, "There is no view:9"),
        (("create", "--resource", "view:1001", "--kind", "segment", "--name", " "), 2, "A name is missing"),
        (("create", "--resource", "view:1001", "--kind", "segment", "--name", "X", "--owner", "x@acme.example"), 1, "Nobody here"),
        (("create", "--resource", "view:1001", "--kind", "goal", "--name", "X", "--owner", "ben@acme.example"), 2, "leave the owner out"),
        (("delete", "99"), 1, "no such thing"),
    ],
)
def test_what_is_wrong_is_one_line_and_a_code(arguments: tuple[str, ...], code: int, said: str) -> None:
    applied(SHOP)
    done = run("asset", *arguments)
    assert (done.code, said in done.err, "Traceback" in done.err) == (code, True, False), done.err


class TestStateFile:
    def with_assets(self, *assets: dict[str, Any]) -> dict[str, Any]:
        """Return the shop with assets in its account."""
        account, *others = SHOP["resources"]
        return shop(resources=[account | {"assets": list(assets)}, *others])

    def test_plan_shows_apply_makes_and_prune_deletes(self) -> None:
        state = self.with_assets({"kind": "filter", "name": "No robots", "applied": ["view:1001"]})
        applied(SHOP)
        assert applied(state, "--json").json["counts"]["assets"] == {"added": 1, "changed": 0, "removed": 0}
        assert run("export", "--json").json["resources"][0]["assets"] == state["resources"][0]["assets"]
        assert applied(state).out.strip() == "nothing to do"
        assert applied(self.with_assets(), "--prune", "--yes", "--json").json["counts"]["assets"]["removed"] == 1
        assert "assets" not in run("export", "--json").json["resources"][0]

    def test_a_mistake_is_named_with_its_place(self) -> None:
        done = applied(self.with_assets({"kind": "segment", "name": "X"}))
        assert (done.code, "resources[0].assets[0].kind" in done.err) == (2, True)
