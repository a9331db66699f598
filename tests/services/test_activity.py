"""Activity: who may see what happened; for everybody else it did not."""

from datetime import timedelta

import pytest

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Forbidden, Refusal
from keyholder.domain.windows import Window
from keyholder.services.caller import Caller
from keyholder.services.commands import (
    bindings,
    organization_links,
    organization_roles,
    organizations,
    people,
    resources,
)
from keyholder.services.queries.activity import activity, exported
from keyholder.storage.models import Event, OrganizationSuspension
from tests.cast import NOW, OPERATOR, Cast, caller, resource
from tests.services.reading_activity import entries, newest, since, told
from tests.services.refusing import refused

LATER = NOW + timedelta(hours=1)


class TestWhoSeesWhat:
    def test_r_aud_4_a_manager_sees_the_node_and_what_is_below(self, cast: Cast) -> None:
        """R-AUD-4: nothing of what happens above or beside it."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        last = newest()
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["edit"])
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.account, permissions=["edit"])
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=resource(cast.alice, "property", "UA-2", "App", cast.account), permissions=["edit"])
        assert since(last, cast.ben) == ["The operator gave Cleo Edit at All data."]
        assert "created Web" in " ".join(told(cast.ben)), "what happened before there was anything to manage, too"

    def test_a_right_that_is_over_shows_nothing_more(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"], window=Window(ends_at=LATER))
        assert any("Web" in sentence for sentence in told(cast.ben))
        found = activity(by=caller(cast.ben, LATER)).entries
        assert all(cast.ben in (row.actor, row.subject) for row in found)

    def test_everybody_sees_their_own_acts_and_what_happened_to_them(self, cast: Cast) -> None:
        assert told(cast.cleo) == [
            "Ben added Cleo to Analysts.",
            "The operator gave Cleo Read & Analyze at Shop.",
            "The operator created the person Cleo.",
        ]
        assert told(cast.ben)[0] == "Ben added Cleo to Analysts."
        assert told(cast.dan) == ["The operator created the person Dan."]

    def test_admins_see_the_whole_log_of_their_organization(self, cast: Cast) -> None:
        """Also user admins; not who is suspended within it."""
        organization_roles.appoint(by=caller(cast.alice), organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        assert "Alice created the group Interns." in told(cast.ben)
        organizations.create(by=caller(cast.dan), name="Bolt")
        assert not any("Bolt" in sentence for sentence in told(cast.ben))
        assert [row.subject for row in entries(cast.dan, action="organization")] == [cast.dan, None]
        OrganizationSuspension.objects.create(organization_id=cast.acme, user_id=cast.ben)
        assert "Alice created the group Interns." not in told(cast.ben)

    def test_operators_see_the_log_of_the_instance_and_no_account(self, cast: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        found = told(cast.dan)
        assert "The operator created the person Alice." in found
        assert "Alice created the organization Acme." in found
        assert not any("Shop" in sentence for sentence in found)

    def test_the_command_line_sees_everything_once(self, cast: Cast) -> None:
        """What stands in the logs of two tenants is one happening."""
        found = told(None)
        assert found.count("Alice created the organization Acme.") == found.count("Alice linked Shop to Acme.") == 1
        assert Event.objects.filter(action="organization.account_linked").count() == 2
        assert len(found) == Event.objects.count() - 2

    def test_a_person_everywhere_at_home_is_suspended_once(self, cast: Cast) -> None:
        """A copy for each tenant, told once, whatever the size of the page."""
        for number in range(30):
            account = resource(cast.alice, "account", f"a{number}", f"Shop {number}")
            bindings.grant(by=OPERATOR, to=[cast.ben], on=account, permissions=["edit"])
        people.suspend(by=OPERATOR, user=cast.ben)
        assert Event.objects.filter(action="user.suspended").count() > 30
        assert (
            told(None, action="user.suspended") == told(cast.alice, action="user.suspended") == ["The operator suspended Ben everywhere."]
        )

    def test_r_ten_1_two_accounts_that_know_nothing_of_each_other(self, cast: Cast) -> None:
        corner = resource(cast.dan, "account", "d", "Corner")
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=corner, permissions=["read_analyze"])
        assert not any("Corner" in sentence for sentence in told(cast.alice))
        assert {row.resource.name for row in entries(cast.dan) if row.resource} == {"Corner"}

    def test_r098_a_host_sees_nothing_of_who_does_not_delegate(self, cast: Cast) -> None:
        host = resource(None, "host", "h1", "Agency")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=host, role="administrator")
        new = resources.NewResource(ResourceRef("host_account", "7"), "Client", host)
        client = resources.create(by=OPERATOR, new=new, administrator=cast.cleo)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=client, role="view_only")
        assert any("Ben" in sentence for sentence in told(cast.dan))
        resources.delegate(by=caller(cast.cleo), account=client, managed=False)
        assert not any("Ben" in sentence or "Client" in sentence for sentence in told(cast.dan))
        assert any("Ben" in sentence for sentence in told(cast.cleo))

    def test_i_az_10_nobody_else_sees_anything(self, cast: Cast) -> None:
        with refused(Forbidden, "not_signed_in"):
            activity(by=Caller(None, NOW, Channel.CONSOLE))
        with refused(Forbidden, "not_signed_in"):
            exported(by=Caller(None, NOW, Channel.API))
        people.suspend(by=OPERATOR, user=cast.ben)
        with refused(Forbidden, "suspended"):
            activity(by=caller(cast.ben))

    def test_an_account_of_its_own_shows_its_manager_who_was_refused_there(self, cast: Cast) -> None:
        corner = resource(cast.dan, "account", "d", "Corner")
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=corner, permissions=["read_analyze"])
        with pytest.raises(Refusal):
            bindings.grant(by=caller(cast.cleo), to=[cast.cleo], on=corner, permissions=["edit"])
        attempt = entries(cast.dan, refused=True)[0]
        assert (attempt.actor_name, attempt.refused, attempt.revision, attempt.changes) == ("Cleo", "lacks_permission", None, ())
        assert str(attempt.sentence).startswith('Cleo was refused: This needs "Manage Users" at Corner')
        assert told(cast.cleo, refused=True) == [str(attempt.sentence)]
        assert told(cast.ben, refused=True) == []

    def test_what_happened_before_an_account_was_linked_stays_its_own(self, cast: Cast) -> None:
        """The organization's admins see what happened since; the account's managers see both."""
        corner = resource(cast.dan, "account", "d", "Corner")
        bolt = organizations.create(by=caller(cast.dan), name="Bolt")
        organization_links.link_account(by=caller(cast.dan), organization=bolt, account=corner)
        organization_roles.appoint(by=OPERATOR, organization=bolt, user=cast.ben, role=OrganizationRole.ADMIN)
        assert "Dan created Corner." in told(cast.ben), "an admin holds the granting permission at what is linked"
        organization_links.unlink_account(by=caller(cast.dan), account=corner)
        assert "Dan created Corner." not in told(cast.ben)
        assert "Dan linked Corner to Bolt." in told(cast.ben)
        assert "Dan created Corner." in told(cast.dan)
