"""A fourth platform by one file: the worked example of the documentation, in decisions, on pages, in assets and in the state file.

No line of code knows a tag manager: everything below comes from ``docs/examples/tag_manager.toml``, put where an operator puts it.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import get_resolver
from pytest_django.fixtures import Settings

from keyholder.domain.blueprint_rules import PAGES
from keyholder.domain.blueprint_tables import NAME
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.moving import Way
from keyholder.domain.refusals import Conflict, Forbidden
from keyholder.services.commands import applied_assets, assets, bindings, moving
from keyholder.services.queries import state as reading
from keyholder.storage import blueprints
from keyholder.storage.models import Resource
from tests.cast import OPERATOR, Cast, caller, holds, person, resource
from tests.interfaces.cli.shell import run
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.services.assets_made import allowed, made, sees
from tests.services.holding import ticked
from tests.services.refusing import refused

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
LANGUAGES = ("en", "ru", "pl", "lv", "cs")


@pytest.fixture(autouse=True)
def with_the_example(settings: Settings) -> Iterator[None]:
    """Name the folder of the example, as KEYHOLDER_BLUEPRINTS does, and read the blueprints anew."""
    settings.BLUEPRINTS_FOLDER = str(EXAMPLES)
    blueprints.catalogue.cache_clear()
    yield
    blueprints.catalogue.cache_clear()


@pytest.fixture
def company(cast: Cast) -> tuple[ResourceId, ResourceId, ResourceId]:
    """Let Alice make a company with a workspace and an environment."""
    top = resource(cast.alice, "company", "c1", "Kiosk")
    workspace = resource(cast.alice, "workspace", "w1", "Site", top)
    return top, workspace, resource(cast.alice, "environment", "e1", "Live", workspace)


Nodes = tuple[ResourceId, ResourceId, ResourceId]


def test_the_maker_of_a_company_is_its_steward_and_the_last_one_stays(cast: Cast, company: Nodes) -> None:
    assert holds(cast.alice, company[2]) == {"administer", "publish", "approve", "edit", "read"}
    with refused(Conflict, "last_manager", "Kiosk"):
        bindings.revoke(by=caller(cast.alice), of=[cast.alice], on=company[0])


def test_decisions_follow_its_actions(cast: Cast, company: Nodes) -> None:
    _top, workspace, live = company
    bindings.grant(by=OPERATOR, to=[cast.ben], on=workspace, permissions=["approve"])
    asked = {name: allowed(cast.ben, name, live) for name in ("version.create", "version.publish", "user.add")}
    assert asked == {"version.create": True, "version.publish": False, "user.add": False}
    assert (allowed(cast.alice, "version.publish", live), allowed(cast.dan, "version.create", workspace)) == (True, False)


def test_its_managers_give_only_what_they_hold(cast: Cast, company: Nodes) -> None:
    """The example says so: ``grants = "held"``."""
    bindings.grant(by=OPERATOR, to=[cast.ben], on=company[1], permissions=["administer", "read"])
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=company[1], permissions=["read"])
    with refused(Forbidden, "not_held", "Site"):
        bindings.grant(by=caller(cast.ben), to=[cast.cleo], on=company[1], permissions=["publish"])


def test_who_hands_a_company_over_keeps_what_its_only_role_gave_without_being_steward(
    cast: Cast, company: Nodes, signed_in: SignedIn
) -> None:
    """No other role manages a company, so the permissions are left, one by one."""
    browser, page = signed_in(cast.alice), "/company/c1/step-down/"
    bindings.grant(by=OPERATOR, to=[cast.ben], on=company[0], role="steward")
    assert 'You have Administer, Publish there instead of the role "Steward".' in text(browser.get(page))
    assert toast(browser.post(page, follow=True)) == "You stepped down at Kiosk."
    assert ticked(cast.alice, company[0]) == ["administer", "publish"]


def test_no_address_of_the_instance_begins_as_a_type_could_be_called() -> None:
    """The names that a blueprint refuses for its types are those, and the pages of a node come after all others."""
    patterns = [one for each in get_resolver("keyholder.config.urls").url_patterns for one in getattr(each, "url_patterns", [each])]
    first = {str(one.pattern).split("/")[0] for one in patterns}
    assert {name for name in first if NAME.fullmatch(name)} <= PAGES | {"healthz", "readyz"}


class TestAssets:
    def test_a_draft_is_its_maker_s_until_a_copy_is_shared(self, cast: Cast, company: Nodes) -> None:
        eve = _bound(company[1], "edit")
        own = made(eve, "draft", company[1], "Banner")
        assert sees(cast.alice, "draft", company[1]) == []
        copy = assets.share(by=caller(eve), asset=own)
        with refused(Forbidden, "lacks_permission", "Approve"):
            assets.change(by=caller(eve), asset=copy, name="Mine")
        assets.change(by=caller(cast.alice), asset=copy, name="Approved")
        assert sees(eve, "draft", company[1]) == ["Approved", "Banner"]

    def test_a_variable_of_the_company_is_used_by_who_publishes_in_an_environment(self, cast: Cast, company: Nodes) -> None:
        eve = _bound(company[2], "publish")
        variable = made(cast.alice, "variable", company[0], "Key")
        applied_assets.apply(by=caller(eve), asset=variable, to=company[2])
        with refused(Forbidden, "lacks_permission", "Publish", "Kiosk"):
            made(eve, "variable", company[0], "Another")


def test_a_workspace_moves_to_another_company_by_who_may_at_both(cast: Cast, company: Nodes, signed_in: SignedIn) -> None:
    """The example names the action ``workspace.move``: what Eve inherited comes along as her own."""
    eve, other = _bound(company[0], "read"), resource(cast.alice, "company", "c2", "Stall")
    page = signed_in(cast.alice).get("/workspace/w1/move/")
    assert "Stall" in text(page)
    moving.move(by=caller(cast.alice), resource=company[1], to=other, way=Way.KEEP)
    assert (holds(eve, company[2]), holds(eve, other)) == ({"read"}, set())


class TestPages:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_columns_speak_every_language(self, cast: Cast, company: Nodes, signed_in: SignedIn, language: str) -> None:
        browser = signed_in(cast.alice)
        browser.post("/language/", {"language": language, "next": "/"})
        page = text(browser.get("/admin/tag_manager/?at=environment:e1"))
        blueprint = blueprints.catalogue().blueprints["tag_manager"]
        wanted = [blueprint.labels[language], *(kind.plural[language] for kind in blueprint.types.values()), "Kiosk", "Site", "Live"]
        assert [word for word in wanted if word not in page] == []

    def test_alice_makes_a_workspace_in_the_columns(self, cast: Cast, company: Nodes, signed_in: SignedIn) -> None:
        answer = signed_in(cast.alice).post("/company/c1/new/workspace/", {"name": "App", "key": "w2"}, follow=True)
        assert (toast(answer), Resource.objects.get(key="w2").parent_id) == ("Workspace App was created.", company[0])

    def test_the_user_lists_add_people_with_its_permissions(self, cast: Cast, company: Nodes, signed_in: SignedIn) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=company[2], permissions=["read"])
        alice = signed_in(cast.alice)
        form = alice.get("/workspace/w1/users/add/")
        assert {name in text(form) for name in ("Administer", "Publish", "Approve", "Edit", "Read")} == {True}
        fields = {"addresses": "ben@acme.example", "permissions": ["publish"], "step": "add"}
        answer = alice.post("/workspace/w1/users/add/", fields)
        assert answer.status_code == 302
        assert holds(cast.ben, company[1]) == {"publish", "approve", "edit", "read"}
        assert "Ben" in text(alice.get("/workspace/w1/users/"))

    def test_its_assets_have_pages(self, cast: Cast, company: Nodes, signed_in: SignedIn) -> None:
        alice = signed_in(cast.alice)
        made_it = alice.post("/workspace/w1/assets/new/tag/", {"name": "Pixel", "description": "", "body": "fire()"}, follow=True)
        assert (toast(made_it), "Tags 1" in text(alice.get("/workspace/w1/assets/"))) == ("Pixel was created.", True)


class TestStateFile:
    def test_an_export_applied_again_changes_nothing(self, cast: Cast, company: Nodes) -> None:
        made(cast.alice, "tag", company[1], "Pixel")
        variable = made(cast.alice, "variable", company[0], "Key")
        applied_assets.apply(by=caller(cast.alice), asset=variable, to=company[2])
        exported = run("export", "--json")
        assert {each["type"] for each in exported.json["resources"]} >= {"company", "workspace", "environment"}
        assert run("plan", "-", "--prune", stdin=exported.out).out.strip() == "nothing to do"

    def test_a_file_makes_a_company_and_names_its_mistakes(self, cast: Cast) -> None:
        company = {"type": "company", "id": "c9", "name": "Stall", "assets": [{"kind": "variable", "name": "Key"}]}
        steward = {"user": "ben@acme.example", "resource": "company:c9", "role": "steward"}
        tree = {"version": 1, "resources": [company], "access": [steward]}
        assert run("apply", "-", stdin=json.dumps(tree)).code == 0
        assert "publish" in holds(cast.ben, ResourceId(Resource.objects.get(key="c9").pk))
        assert [asset.name for asset in reading.current(by=OPERATOR).assets] == ["Key"]
        wrong = run("apply", "-", stdin=json.dumps(tree | {"access": [steward | {"role": "boss"}]}))
        assert (wrong.code, "access[0].role" in wrong.err) == (2, True)


def _bound(on: ResourceId, permission: str) -> PrincipalId:
    """Make Eve, who holds one permission at one node."""
    eve = person("Eve")
    bindings.grant(by=OPERATOR, to=[eve], on=on, permissions=[permission])
    return eve
