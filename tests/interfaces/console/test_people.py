"""A person's page, and the list of everybody for an operator."""

import pytest
from django.test import Client

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.http.authentication import SignInBackend
from keyholder.services.commands import bindings, organization_roles, people
from keyholder.storage.models import Session, User
from tests.cast import OPERATOR, Cast, caller, person, resource
from tests.interfaces.console.conftest import SignedIn, lately_proven_no_more
from tests.interfaces.console.pages import crumbs, text, toast
from tests.storage.rows import queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
WORDS = "seven quiet herons wait"
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def otto(cast: Cast) -> PrincipalId:
    """Make Otto, who runs the instance and holds nothing."""
    return people.create_user(by=OPERATOR, email="otto@acme.example", name="Otto", operator=True)


class TestAPersonsPage:
    def test_r017_access_is_a_tree_with_its_sources(self, cast: Cast, signed_in: SignedIn) -> None:
        """R016, R017: what is given there is solid, what comes through a group names it and leads there."""
        page = signed_in(cast.alice).get(f"/people/{cast.cleo}/")
        assert "Shop Account 100 Read & Analyze" in text(page)
        assert "Web Property UA-100-1 Collaborate through Analysts Read & Analyze from Shop" in text(page) or (
            "Collaborate through Analysts" in text(page)
        )
        body = page.content.decode()
        assert f'href="/groups/{cast.analysts}/">Collaborate' in body
        assert f'href="/account/100/users/{cast.cleo}/"' in body

    def test_groups_are_told_with_the_way_into_them(self, cast: Cast, signed_in: SignedIn) -> None:
        page = signed_in(cast.alice).get(f"/people/{cast.cleo}/")
        assert [(row.who.name, row.via) for row in page.context["groups"]] == [("Analysts", "")]

    def test_what_happened_to_them_stands_beside_it(self, cast: Cast, signed_in: SignedIn) -> None:
        page = signed_in(cast.alice).get(f"/people/{cast.ben}/")
        assert "The operator gave Ben Edit at Shop." in text(page)
        assert page.context["activity_url"] == "/activity/?subject=ben%40acme.example"
        assert page.context["why_url"] == "/explain/?who=ben%40acme.example"

    def test_a_manager_removes_where_something_is_given(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.alice)
        acts = {act.label: act for act in browser.get(f"/people/{cast.ben}/").context["acts"]}
        assert acts["Remove from Shop"].url == f"/account/100/users/{cast.ben}/remove/"
        assert acts["Suspend"].refusal == "Only an operator suspends people everywhere."
        bindings.revoke(by=OPERATOR, of=[cast.cleo], on=cast.account)
        assert [act.label for act in browser.get(f"/people/{cast.cleo}/").context["acts"]] == ["Reset the password", "Suspend"], (
            "hers comes through a group"
        )

    def test_one_s_own_page_shows_everything_of_one_s_own(self, cast: Cast, signed_in: SignedIn) -> None:
        page = signed_in(cast.cleo).get(f"/people/{cast.cleo}/")
        assert "Shop" in text(page)
        assert [act.label for act in page.context["acts"]] == ["Your account"]
        assert crumbs(page) == ["Home", "Cleo"]

    def test_what_somebody_is_in_an_organization_stands_there(self, cast: Cast, signed_in: SignedIn) -> None:
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.cleo)
        about = {field.label: field.value for field in signed_in(cast.alice).get(f"/people/{cast.cleo}/").context["about"]}
        assert about["Acme"] == "Member, suspended there"
        about = {field.label: field.value for field in signed_in(cast.alice).get(f"/people/{cast.alice}/").context["about"]}
        assert about["Acme"] == "Admin"

    def test_r_xss_1_a_name_is_text(self, cast: Cast, signed_in: SignedIn) -> None:
        people.rename_user(by=OPERATOR, user=cast.ben, name=NASTY)
        page = signed_in(cast.alice).get(f"/people/{cast.ben}/").content.decode()
        assert "<script>alert" not in page
        assert "<title>&lt;script&gt;alert(1)&lt;/script&gt; · Keyholder</title>" in page

    def test_the_page_asks_as_much_for_much_access_as_for_little(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.alice)
        few = queries(lambda: browser.get(f"/people/{cast.ben}/"))
        for number in range(15):
            node = resource(cast.alice, "property", f"UA-100-1{number}", f"Site {number}", cast.account)
            bindings.grant(by=OPERATOR, to=[cast.ben], on=node, permissions=["read_analyze"])
        assert queries(lambda: browser.get(f"/people/{cast.ben}/")) == few


class TestAnOperator:
    def test_sees_everybody_by_name_and_finds_one(self, otto: PrincipalId, signed_in: SignedIn) -> None:
        browser = signed_in(otto)
        assert [row.who.name for row in browser.get("/people/").context["rows"]] == ["Alice", "Ben", "Cleo", "Dan", "Otto"]
        assert [row.who.name for row in browser.get("/people/?q=CLE").context["rows"]] == ["Cleo"]
        assert "No one matches “zebra”." in text(browser.get("/people/?q=zebra"))
        assert [row.who.name for row in browser.get("/people/?whom=operators").context["rows"]] == ["Otto"]
        assert "Nobody in this list." in text(browser.get("/people/?whom=suspended"))

    def test_turns_pages_that_stay_in_place(self, otto: PrincipalId, signed_in: SignedIn) -> None:
        for number in range(60):
            person(f"Guest {number:02}", f"guest{number}@acme.example")
        browser = signed_in(otto)
        first = browser.get("/people/?whom=everybody")
        second = browser.get("/people/" + first.context["pages"].next_url)
        names = [row.who.name for page in (first, second) for row in page.context["rows"]]
        assert len(names) == len(set(names)) == 65
        assert names == sorted(names)
        again = browser.get("/people/" + second.context["pages"].previous_url)
        assert [row.who.name for row in again.context["rows"]] == names[:50]
        assert browser.get("/people/?cursor=made-up").status_code == 422

    def test_makes_a_person_who_can_sign_in(self, cast: Cast, otto: PrincipalId, signed_in: SignedIn) -> None:
        fields = {"email": "Eve@Acme.example", "name": "Eve", "password": WORDS, "operator": "on"}
        answer = signed_in(otto).post("/people/new/", fields, follow=True)
        assert toast(answer) == "Eve can be given access now."
        assert answer.context["who"].name == "Eve"
        eve = User.objects.get(canonical="eve@acme.example")
        assert (eve.is_operator, eve.check_password(WORDS)) == (True, True)

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"email": "no address", "name": "Eve"}, "no address"),
            ({"email": "BEN@acme.example", "name": "Ben too"}, "There is a person with the address BEN@acme.example already."),
            ({"email": "eve@acme.example", "name": "Eve", "password": "short"}, "This password is too short."),
        ],
    )
    def test_is_told_what_can_not_be(self, otto: PrincipalId, signed_in: SignedIn, fields: dict[str, str], said: str) -> None:
        answer = signed_in(otto).post("/people/new/", fields)
        assert answer.status_code in {409, 422}
        assert said in text(answer) or said in answer.content.decode()
        assert answer.context["form"]["name"].value() == fields["name"]
        assert "short" not in str(answer.context["form"]["password"])

    def test_suspends_with_a_reason_and_makes_active_again(self, cast: Cast, otto: PrincipalId, signed_in: SignedIn) -> None:
        ben, browser = signed_in(cast.ben), signed_in(otto)
        assert "Nothing that Ben holds is in force any more" in text(browser.get(f"/people/{cast.ben}/suspend/"))
        answer = browser.post(f"/people/{cast.ben}/suspend/", {"reason": "left the company"}, follow=True)
        assert toast(answer) == "Ben is suspended."
        assert "Ben is suspended: nothing below is in force" in text(answer)
        assert ben.get("/").status_code == 302, "his session has ended"
        assert "left the company" in str(browser.get("/activity/activity.jsonl").getvalue())
        browser.post(f"/people/{cast.ben}/activate/", {"reason": ""})
        assert SignInBackend().get_user(cast.ben) is not None

    def test_is_refused_where_the_last_manager_would_go(self, cast: Cast, otto: PrincipalId, signed_in: SignedIn) -> None:
        answer = signed_in(otto).post(f"/people/{cast.alice}/suspend/", {"reason": ""})
        assert answer.status_code == 409
        assert "Shop" in text(answer)

    def test_sets_a_password_typed_twice(self, cast: Cast, otto: PrincipalId, signed_in: SignedIn) -> None:
        ben, browser = signed_in(cast.ben), signed_in(otto)
        refused = browser.post(f"/people/{cast.ben}/password/", {"password": WORDS, "again": "something else again"})
        assert (refused.status_code, "These two differ." in text(refused)) == (422, True)
        browser.post(f"/people/{cast.ben}/password/", {"password": WORDS, "again": WORDS})
        assert User.objects.get(pk=cast.ben).check_password(WORDS)
        assert not Session.objects.filter(user=cast.ben).exists()
        assert ben.get("/").status_code == 302

    def test_appoints_and_dismisses_operators_but_not_the_last(self, cast: Cast, otto: PrincipalId, signed_in: SignedIn) -> None:
        browser = signed_in(otto)
        assert toast(browser.post(f"/people/{cast.ben}/appoint/", {}, follow=True)) == "Ben is an operator now."
        assert toast(browser.post(f"/people/{cast.ben}/dismiss/", {}, follow=True)) == "Ben is no operator any more."
        assert browser.post(f"/people/{otto}/dismiss/", {}).status_code == 409

    def test_renames_somebody(self, cast: Cast, otto: PrincipalId, signed_in: SignedIn) -> None:
        answer = signed_in(otto).post(f"/people/{cast.ben}/name/", {"name": "Benjamin"}, follow=True)
        assert (toast(answer), answer.context["who"].name) == ("The name was changed.", "Benjamin")

    def test_holds_no_permission_by_it(self, cast: Cast, otto: PrincipalId, signed_in: SignedIn) -> None:
        browser = signed_in(otto)
        assert "Ben has no access that you can see." in text(browser.get(f"/people/{cast.ben}/"))
        assert browser.get("/account/100/settings/").status_code == 404
        labels = [act.label for act in browser.get(f"/people/{cast.ben}/").context["operators_acts"]]
        assert labels == ["Rename", "Set a password", "End the sessions", "Suspend", "Make an operator", "Delete"]


def test_r_ten_1_nobody_else_learns_who_exists(cast: Cast, signed_in: SignedIn) -> None:
    """R-TEN-1: to who is no operator, the pages of an operator say the same about everybody and about nobody."""
    browser: Client = signed_in(cast.alice)
    for number in (cast.ben, cast.dan, 999):
        assert browser.get(f"/people/{number}/suspend/").status_code == 403
    assert browser.get(f"/people/{cast.dan}/").status_code == browser.get("/people/999/").status_code == 404


class TestDeleting:
    """Semantics 2: an operator deletes a person, once it was said what goes."""

    def test_an_operator_is_told_what_goes_and_deletes(self, cast: Cast, otto: PrincipalId, signed_in: SignedIn) -> None:
        his, hers, page = signed_in(otto), signed_in(cast.cleo), f"/people/{cast.cleo}/delete/"
        assert page in his.get(f"/people/{cast.cleo}/").content.decode()
        asked = text(his.get(page))
        assert "Everything given to them directly in Shop goes." in asked
        assert "They leave Analysts, with what these give." in asked
        assert User.objects.filter(pk=cast.cleo).exists(), "asking deletes nothing"
        assert toast(his.post(page, {"reason": "Left in May"}, follow=True)) == "Cleo was deleted."
        assert (his.get(f"/people/{cast.cleo}/").status_code, hers.get("/").status_code) == (404, 302)
        assert "Otto deleted Cleo, with everything that was theirs." in text(his.get("/activity/"))

    def test_what_is_against_it_is_said_before_anybody_asks(self, cast: Cast, otto: PrincipalId, signed_in: SignedIn) -> None:
        his, page = signed_in(otto), f"/people/{cast.alice}/delete/"
        asked = his.get(page)
        assert (asked.status_code, "The last manager stays: Shop" in text(asked), "The last admin stays: Acme" in text(asked)) == (
            200,
            True,
            True,
        )
        refused = his.post(page, {"reason": ""})
        assert (refused.status_code, "The last manager stays: Shop" in text(refused)) == (409, True)
        assert his.post(f"/people/{otto}/delete/", {"reason": ""}).status_code == 409
        assert "/delete/" not in his.get(f"/people/{otto}/").content.decode()

    def test_first_they_prove_who_they_are(self, cast: Cast, otto: PrincipalId, signed_in: SignedIn) -> None:
        browser = lately_proven_no_more(signed_in(otto))
        assert browser.post(f"/people/{cast.cleo}/delete/", {"reason": ""})["Location"].startswith("/me/prove/")
        assert User.objects.filter(pk=cast.cleo).exists()
