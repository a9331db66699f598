"""Who of an account would be outside an organization's user policy, told before the two are linked (R087, R088, semantics 5)."""

import pytest

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.services.commands import bindings, link_requests, organization_links, organizations
from keyholder.services.queries import link_outsiders, policies
from keyholder.services.queries.link_outsiders import LinkOutsiders
from keyholder.storage.models import LinkRequest
from tests.cast import OPERATOR, Cast, caller, person, resource
from tests.services.inviting_people import invite
from tests.services.refusing import refused


@pytest.fixture
def market(cast: Cast) -> ResourceId:
    """Make an account of Dan's, where Eve of elsewhere edits and two addresses are invited; Acme takes only its own."""
    account = resource(cast.dan, "account", "200", "Market")
    eve = person("Eve", "eve@elsewhere.example")
    bindings.grant(by=OPERATOR, to=[eve], on=resource(None, "property", "UA-200-1", "Stall", account), permissions=["edit"])
    for address in ("fay@elsewhere.example", "gus@acme.example"):
        invite(cast, address, by=cast.dan, on=account)
    set_policy(cast, PolicyMode.ENFORCED)
    return account


def set_policy(cast: Cast, mode: PolicyMode) -> None:
    policy = Policy(mode=mode, allowed_domains=("acme.example",))
    organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)


def told(found: LinkOutsiders) -> tuple[list[str], tuple[str, ...], bool]:
    return [person.email for person in found.people], found.invitations, found.refuses


def test_r088_whoever_agrees_is_told_exactly_whom_the_policy_marks_afterwards(cast: Cast, market: ResourceId) -> None:
    link_requests.ask_organization(by=caller(cast.dan), account=market, organization="acme")
    number = LinkRequest.objects.get().pk
    found = link_outsiders.of_request(by=caller(cast.alice), request=number)
    assert told(found) == (["eve@elsewhere.example"], ("fay@elsewhere.example",), True)
    link_requests.accept(by=caller(cast.alice), request=number)
    assert policies.outside(by=caller(cast.alice), organization=cast.acme) == found.people
    assert policies.invitations_outside(by=caller(cast.alice), organization=cast.acme) == 1


def test_an_advisory_policy_refuses_nobody_and_one_that_takes_anybody_has_nobody_outside(cast: Cast, market: ResourceId) -> None:
    for mode, expected in (
        (PolicyMode.ADVISORY, (["eve@elsewhere.example"], ("fay@elsewhere.example",), False)),
        (PolicyMode.ANYBODY, ([], (), False)),
    ):
        set_policy(cast, mode)
        found = link_outsiders.of_link(by=OPERATOR, account=market, organization=cast.acme)
        assert (told(found), bool(found)) == (expected, mode is PolicyMode.ADVISORY)


def test_only_who_may_make_the_link_is_told(cast: Cast, market: ResourceId) -> None:
    """R-ENU-1: one side alone learns nothing of the other, neither who is there nor whom it takes."""
    with refused(NotFound, "not_found"):
        link_outsiders.of_link(by=caller(cast.dan), account=market, organization=cast.acme)
    with refused(NotFound, "not_found"):
        link_outsiders.of_link(by=caller(cast.alice), account=market, organization=cast.acme)
    bindings.grant(by=OPERATOR, to=[cast.alice], on=market, permissions=["edit"])
    with refused(Forbidden, "account_side"):
        link_outsiders.of_link(by=caller(cast.alice), account=market, organization=cast.acme)
    link_requests.ask_account(by=caller(cast.alice), organization=cast.acme, account=ResourceRef("account", "200"))
    number = LinkRequest.objects.get().pk
    assert link_outsiders.of_request(by=caller(cast.dan), request=number)
    for who in (cast.alice, cast.ben, cast.cleo):
        with refused(NotFound, "not_found"):
            link_outsiders.of_request(by=caller(who), request=number)


def test_what_somebody_asked_who_left_meanwhile_shows_nobody(cast: Cast, market: ResourceId) -> None:
    link_requests.ask_organization(by=caller(cast.dan), account=market, organization="acme")
    bindings.grant(by=OPERATOR, to=[person("Hal")], on=market, permissions=["manage_users"])
    bindings.revoke(by=OPERATOR, of=[cast.dan], on=market)
    assert not link_outsiders.of_request(by=caller(cast.alice), request=LinkRequest.objects.get().pk)


def test_what_is_settled_or_linked_shows_nothing(cast: Cast, market: ResourceId) -> None:
    link_requests.ask_organization(by=caller(cast.dan), account=market, organization="acme")
    number = LinkRequest.objects.get().pk
    organization_links.link_account(by=OPERATOR, organization=cast.acme, account=market)
    with refused(NotFound, "not_found"):
        link_outsiders.of_request(by=caller(cast.alice), request=number)
