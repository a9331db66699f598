"""An organization that lets people in only through one provider: who chooses it, and that nobody keeps themselves out (semantics 5)."""

from dataclasses import replace

import pytest

from keyholder.domain.identifiers import TenantId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, NotFound
from keyholder.services.caller import Closed
from keyholder.services.commands import bindings, identities, organization_roles, people, provider_rules, providers
from keyholder.services.provider_rules import closed_to
from keyholder.services.queries import provider_rules as queries
from keyholder.storage.models import Organization, ProviderRule
from tests import every_command
from tests.cast import OPERATOR, Cast, caller
from tests.every_command import COMMANDS, DESCRIBED, PROVIDER, provided, said_of
from tests.services.happened import actions, last
from tests.services.refusing import refused


@pytest.fixture
def linked(cast: Cast) -> Cast:
    """Let there be MTS ID, and Alice be linked with it."""
    provided(lambda: None)()
    identities.link(by=caller(cast.alice), said=said_of("alice"))
    return cast


def test_an_admin_chooses_it_and_leaves_it_again(linked: Cast) -> None:
    before = last()
    for provider in ("mts", "mts", "", ""):
        provider_rules.choose(by=caller(linked.alice), organization=linked.acme, provider=provider)
    assert actions(before) == ["organization.provider_required", "organization.provider_left"]
    assert queries.required(by=caller(linked.alice), of=linked.acme) is None


def test_a_session_is_closed_unless_it_was_proven_by_that_issuer(linked: Cast) -> None:
    assert closed_to(()) == ()
    provider_rules.choose(by=caller(linked.alice), organization=linked.acme, provider="mts")
    (closed,) = closed_to(["https://other.example"])
    assert (closed.organization, closed.name, closed.provider, closed.key) == (linked.acme, "Acme", "MTS ID", "mts")
    assert closed_to([PROVIDER["issuer"]]) == ()


def test_who_has_not_linked_their_account_would_keep_themselves_out(cast: Cast) -> None:
    provided(lambda: None)()
    with refused(Conflict, "not_linked", "MTS ID"):
        provider_rules.choose(by=caller(cast.alice), organization=cast.acme, provider="mts")
    with refused(Conflict, "not_linked", "Acme", "MTS ID"):
        provider_rules.choose(by=OPERATOR, organization=cast.acme, provider="mts")
    assert not ProviderRule.objects.exists()


def test_the_command_line_needs_one_active_admin_who_has(linked: Cast) -> None:
    provider_rules.choose(by=OPERATOR, organization=linked.acme, provider="mts")
    assert queries.required(by=caller(linked.cleo), of=linked.acme) is not None


def test_a_provider_that_is_off_or_is_none_is_not_chosen(linked: Cast) -> None:
    with refused(NotFound, "not_found"):
        provider_rules.choose(by=caller(linked.alice), organization=linked.acme, provider="none")
    providers.disable(by=OPERATOR, provider="mts")
    with refused(Conflict, "switched_off", "MTS ID"):
        provider_rules.choose(by=caller(linked.alice), organization=linked.acme, provider="mts")


def test_a_provider_that_somebody_needs_is_not_switched_off(linked: Cast) -> None:
    """Everybody would be kept out: the organization chooses another way first, or the operator lets it."""
    provider_rules.choose(by=caller(linked.alice), organization=linked.acme, provider="mts")
    with refused(Conflict, "required", "Acme", "MTS ID"):
        providers.disable(by=OPERATOR, provider="mts")
    with refused(Conflict, "required", "Acme"):
        providers.change(by=OPERATOR, provider="mts", **{**PROVIDER, "issuer": "https://other.example"})
    provider_rules.choose(by=OPERATOR, organization=linked.acme)
    providers.disable(by=OPERATOR, provider="mts")
    providers.enable(by=OPERATOR, provider="mts", discovery=DESCRIBED)


@pytest.mark.parametrize(("who", "kind", "code"), [("cleo", Forbidden, "not_admin"), ("dan", NotFound, "not_found")])
def test_nobody_else_chooses(linked: Cast, who: str, kind: type, code: str) -> None:
    with refused(kind, code):
        provider_rules.choose(by=caller(getattr(linked, who)), organization=linked.acme, provider="mts")


def test_a_suspended_admin_is_no_way_in(linked: Cast) -> None:
    organization_roles.appoint(by=OPERATOR, organization=linked.acme, user=linked.ben, role=OrganizationRole.ADMIN)
    bindings.grant(by=OPERATOR, to=[linked.ben], on=linked.account, permissions=["manage_users"])
    people.suspend(by=OPERATOR, user=linked.alice)
    with refused(Conflict, "not_linked", "Acme"):
        provider_rules.choose(by=OPERATOR, organization=linked.acme, provider="mts")


@pytest.mark.parametrize("name", ["group_deletion.delete", "group_members.add", "nesting.unnest", "organization_links.unlink_account"])
def test_no_command_goes_around_it(cast: Cast, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where its page was not asked for first: what belongs to the organization is changed by nobody who came another way."""
    act, home = COMMANDS[name](cast), Organization.objects.get(pk=cast.acme)
    closed = (Closed(cast.acme, TenantId(home.tenant_id), home.name, "MTS ID", "mts"),)
    monkeypatch.setattr(every_command, "caller", lambda who: replace(caller(who), closed=closed))
    with refused(Forbidden, "through_provider", "MTS ID"):
        act()
