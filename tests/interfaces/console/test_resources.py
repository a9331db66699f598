"""Nodes of the tree: making one in the columns, its settings, and the switch of a hosted account."""

import re

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.services.commands import bindings, people, resources
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Resource
from tests.cast import OPERATOR, Cast, caller, holds, person, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
NASTY = '"><img src=x onerror=alert(1)>{{7*7}}'


class TestMaking:
    def test_r035_alice_makes_a_property_and_holds_everything_there(self, cast: Cast, signed_in: SignedIn) -> None:
        """R035: full permissions on the new node."""
        browser = signed_in(cast.alice)
        form = text(browser.get("/account/100/new/property/"))
        assert "You get Manage Users, Edit, Collaborate, Read & Analyze there, and nothing above it." in form
        assert "What people hold at Shop holds here at once." in form
        answer = browser.post("/account/100/new/property/", {"name": "App", "key": "UA-100-2"}, follow=True)
        assert toast(answer) == "Property App was created."
        made = Resource.objects.get(type="property", key="UA-100-2")
        assert (made.name, made.parent_id) == ("App", cast.account)
        assert holds(cast.alice, ResourceId(made.pk)) == {"manage_users", "edit", "collaborate", "read_analyze"}
        assert [column.selected for column in answer.context["columns"] if hasattr(column, "selected")] == []
        assert "App" in text(answer)

    def test_r035_ben_who_edits_gets_manage_users_on_what_he_makes_and_not_above(self, cast: Cast, signed_in: SignedIn) -> None:
        signed_in(cast.ben).post("/account/100/new/property/", {"name": "App", "key": "UA-100-2"})
        assert "manage_users" in holds(cast.ben, ResourceId(Resource.objects.get(key="UA-100-2").pk))
        assert "manage_users" not in holds(cast.ben, cast.account)

    def test_anybody_makes_an_account_of_their_own(self, cast: Cast, signed_in: SignedIn) -> None:
        """Reading 19: being signed in is enough."""
        signed_in(cast.dan).post("/admin/google_analytics/new/", {"name": "Kiosk", "key": "200"})
        assert "manage_users" in holds(cast.dan, ResourceId(Resource.objects.get(key="200").pk))

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"name": "", "key": "200"}, "This field is required."),
            ({"name": "Kiosk", "key": "2 0 0"}, "an id holds 1 to 200 printable characters without spaces"),
            ({"name": "Kiosk", "key": "100"}, "The id 100 is taken among things of this type"),
            ({"name": "Ki\u202eosk", "key": "200"}, "holds an invisible character"),
        ],
    )
    def test_what_can_not_be_is_said_and_what_was_typed_stays(
        self, cast: Cast, signed_in: SignedIn, fields: dict[str, str], said: str
    ) -> None:
        answer = signed_in(cast.alice).post("/admin/google_analytics/new/", fields)
        assert answer.status_code in {409, 422}
        assert said in text(answer)
        assert [answer.context["form"][name].value() for name in fields] == list(fields.values())

    def test_r_xss_1_a_node_is_called_what_it_is_called(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.alice)
        browser.post("/admin/google_analytics/new/", {"name": NASTY, "key": '"><b>/../?x#y'})
        made = Resource.objects.get(name=NASTY)
        for address in ("/admin/google_analytics/", "/", "/search/?q=onerror", "/activity/"):
            page = browser.get(address).content.decode()
            assert "&lt;img src=x" in page, address
            assert "<img" not in page, address
        settings = browser.get(f"/admin/google_analytics/?at=account:{made.key}".replace("#", "%23").replace("?x", "%3Fx"))
        assert "<b>" not in settings.content.decode()


class TestAHost:
    @pytest.fixture
    def host(self, cast: Cast) -> ResourceId:
        """Make a host that Alice administers."""
        return resources.create(by=caller(cast.alice), new=NewResource(ResourceRef("host", "h1"), "Agency"), administrator=cast.alice)

    def test_who_makes_a_host_is_offered_as_its_administrator(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.dan)
        page = browser.get("/admin/conversions_gateway/new/")
        assert page.context["form"]["administrator"].value() == "dan@acme.example"
        assert "Making it gives you nothing there: its administrator gets everything." in text(page)
        browser.post("/admin/conversions_gateway/new/", {"name": "Agency", "key": "h1", "administrator": "DAN@acme.example"})
        assert "manage_users" in holds(cast.dan, ResourceId(Resource.objects.get(key="h1").pk))

    def test_r093_a_hosted_account_needs_an_administrator(self, cast: Cast, signed_in: SignedIn, host: ResourceId) -> None:
        """R093: without one there is no account."""
        answer = signed_in(cast.alice).post(
            "/host/h1/new/host_account/", {"name": "Shop", "key": "7", "administrator": "", "managed": "on"}
        )
        assert (answer.status_code, Resource.objects.filter(type="host_account").exists()) == (422, False)

    def test_somebody_unknown_there_is_invited(self, cast: Cast, signed_in: SignedIn, host: ResourceId) -> None:
        """The answer is the same whether or not there is such a person; the link stands on it, and the account says that it waits."""
        person("Eve", "eve@elsewhere.example")
        said = []
        for number, address in enumerate(("eve@elsewhere.example", "none@elsewhere.example")):
            fields = {"name": "Shop", "key": f"{number}", "managed": "on", "administrator": address}
            answer = signed_in(cast.alice).post("/host/h1/new/host_account/", fields)
            assert re.search(r'value="http://[^"]+/invitation/c[^"]+"', answer.content.decode())
            said.append(text(answer).replace(address, ""))
        assert said[0] == said[1]
        assert "Shop was created and awaits its administrator" in said[0]
        assert set(Resource.objects.filter(type="host_account").values_list("awaiting_manager", "managed")) == {(True, True)}
        assert "It awaits a manager" in text(signed_in(cast.alice).get("/host_account/0/settings/"))

    def test_r100_an_account_of_its_own_is_managed_until_its_administrator_accepts(
        self, cast: Cast, signed_in: SignedIn, host: ResourceId
    ) -> None:
        """R100: the page that made it says so."""
        fields = {"name": "Shop", "key": "7", "administrator": "eve@elsewhere.example"}
        answer = signed_in(cast.alice).post("/host/h1/new/host_account/", fields)
        assert "Until then Agency manages it; from then on it does not." in text(answer)
        assert Resource.objects.get(type="host_account").managed

    def test_what_is_no_address_is_said_at_the_field(self, cast: Cast, signed_in: SignedIn, host: ResourceId) -> None:
        fields = {"name": "Shop", "key": "7", "managed": "on", "administrator": "Ben"}
        answer = signed_in(cast.alice).post("/host/h1/new/host_account/", fields)
        assert (answer.status_code, bool(answer.context["form"].errors["administrator"])) == (422, True)

    def test_an_operator_names_whoever_administers_an_account(self, cast: Cast, signed_in: SignedIn) -> None:
        """Also where a creator would hold it; nobody else is asked for one."""
        assert "Administrator" not in text(signed_in(cast.ben).get("/admin/google_analytics/new/"))
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        page = text(signed_in(cast.dan).get("/admin/google_analytics/new/"))
        assert "Left empty, it is yours." in page
        assert "Unless you name somebody else, you get Manage Users, Edit, Collaborate, Read & Analyze there." in page
        fields = {"name": "Kiosk", "key": "200", "administrator": "eve@elsewhere.example"}
        answer = signed_in(cast.dan).post("/admin/google_analytics/new/", fields)
        assert "Kiosk was created and awaits its administrator" in text(answer)
        made = Resource.objects.get(key="200")
        assert (made.awaiting_manager, holds(cast.dan, ResourceId(made.pk))) == (True, set())
        assert (
            signed_in(cast.dan).post("/admin/google_analytics/new/", {"name": "Own", "key": "201", "administrator": ""}).status_code == 302
        )
        assert "manage_users" in holds(cast.dan, ResourceId(Resource.objects.get(key="201").pk))

    def test_an_account_kept_to_itself_is_not_seen_by_who_made_it(self, cast: Cast, signed_in: SignedIn, host: ResourceId) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="view_only")
        answer = signed_in(cast.alice).post(
            "/host/h1/new/host_account/", {"name": "Shop", "key": "7", "administrator": "ben@acme.example"}, follow=True
        )
        assert answer.redirect_chain[-1][0] == "/admin/conversions_gateway/"
        assert Resource.objects.get(type="host_account").managed is False


class TestSettings:
    def test_alice_renames_a_property(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = signed_in(cast.alice).post("/property/UA-100-1/settings/", {"name": " Website "}, follow=True)
        assert toast(answer) == "The name was changed."
        assert Resource.objects.get(pk=cast.property).name == "Website"
        assert "Website Property UA-100-1" in text(answer)

    def test_cleo_reads_what_it_is_and_what_renaming_needs(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.cleo)
        page = text(browser.get("/account/100/settings/"))
        assert 'This needs "Edit" at Shop, which you do not hold there.' in page
        assert "Platform Google Analytics Level Account Id 100 Organization Acme" in page
        refused = browser.post("/account/100/settings/", {"name": "Mine"})
        assert refused.status_code == 403
        assert "Nothing was changed." in text(refused)

    def test_a_name_that_is_none_stays_in_the_form(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = signed_in(cast.alice).post("/account/100/settings/", {"name": "  "})
        assert (answer.status_code, Resource.objects.get(pk=cast.account).name) == (422, "Shop")


class TestTheSwitch:
    """R100: an own administrator opens and closes the account to the host, and sees before what that takes from whom."""

    @pytest.fixture
    def olga(self, cast: Cast) -> PrincipalId:
        """Make Olga, who administers the account itself."""
        return person("Olga")

    @pytest.fixture(autouse=True)
    def account(self, cast: Cast, olga: PrincipalId) -> ResourceId:
        """Make a managed account with Olga's administration, at a host where Alice administers and Ben looks on."""
        host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h1"), "Agency"), administrator=cast.alice)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="view_only")
        new = NewResource(ResourceRef("host_account", "7"), "Bakery", host)
        made = resources.create(by=OPERATOR, new=new, administrator=olga)
        resource(olga, "pixel", "p1", "Pixel", made)
        return made

    def test_r100_olga_sees_who_loses_what_and_closes_it(self, cast: Cast, signed_in: SignedIn, olga: PrincipalId) -> None:
        browser = signed_in(olga)
        assert "Managed by Agency" in text(browser.get("/host_account/7/settings/"))
        page = browser.get("/host_account/7/delegation/")
        assert "End the management of Bakery by Agency" in text(page)
        assert {gain.who.name for gain in page.context["gains"] if gain.losses} == {"Alice", "Ben"}
        answer = browser.post("/host_account/7/delegation/", {"managed": "no"}, follow=True)
        assert toast(answer) == "Agency does not manage Bakery any more."
        assert signed_in(cast.alice).get("/host_account/7/settings/").status_code == 404

    def test_r100_opening_it_shows_who_gains(self, cast: Cast, signed_in: SignedIn, olga: PrincipalId, account: ResourceId) -> None:
        resources.delegate(by=caller(olga), account=account, managed=False)
        page = signed_in(olga).get("/host_account/7/delegation/")
        assert "Let Agency manage Bakery" in text(page)
        assert {gain.who.name for gain in page.context["gains"] if gain.gains} == {"Alice", "Ben"}
        signed_in(olga).post("/host_account/7/delegation/", {"managed": "yes"})
        assert Resource.objects.get(pk=account).managed is True

    def test_the_hosts_administrator_is_told_who_can(self, cast: Cast, signed_in: SignedIn) -> None:
        """Reading 30: the host does not move the switch."""
        browser = signed_in(cast.alice)
        assert "Only an administrator of this very account switches this" in text(browser.get("/host_account/7/settings/"))
        assert browser.get("/host_account/7/delegation/").status_code == 403
        assert browser.post("/host_account/7/delegation/", {"managed": "no"}).status_code == 403
