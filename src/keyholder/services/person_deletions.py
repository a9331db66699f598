"""Person deletions: which rules are against deleting somebody. The command and its preview share it (semantics 2)."""

from collections.abc import Iterator
from dataclasses import replace

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.engine.management import standing_managers
from keyholder.services.authority import Authority
from keyholder.services.removals import stays
from keyholder.services.rules.leaders import LAST_ADMIN, LAST_OPERATOR
from keyholder.storage import guards, slices, traces
from keyholder.storage.models import Resource, User

OWN = _("Nobody deletes their own person: another operator does, or the command line.")


def refusals(authority: Authority, person: User) -> Iterator[Conflict]:
    """Go through the reasons why a person can't be deleted as things are."""
    number = PrincipalId(person.pk)
    if is_own(authority, number):
        yield own_person()
    if person.is_operator and guards.has_operator() and not guards.has_operator(without=number):
        yield Conflict("last_operator", sentence(LAST_OPERATOR))
    yield from _last_admin(number)
    yield from _last_manager(authority, number)


def is_own(authority: Authority, person: PrincipalId) -> bool:
    """Say whether it is the caller's own person: a session that was left open is not enough to be rid of somebody."""
    return person == authority.by.principal


def own_person() -> Conflict:
    """Make the refusal for one's own person."""
    return Conflict("own_person", sentence(OWN))


def _last_admin(person: PrincipalId) -> Iterator[Conflict]:
    """Go through the organizations that would lose their last active admin."""
    led = {OrganizationId(row.organization_id): row for row in traces.roles(person).filter(role=OrganizationRole.ADMIN.value)}
    bereft = guards.organizations_without_admin(led, without=person) - guards.organizations_without_admin(led)
    yield from (Conflict("last_admin", sentence(LAST_ADMIN, organization=led[home].organization.name)) for home in led if home in bereft)


def _last_manager(authority: Authority, person: PrincipalId) -> Iterator[Conflict]:
    """Go through the accounts that would lose their last standing manager, be it by a group that the person is in."""
    places = guards.guarded_through([person], authority.catalogue)
    before = slices.at(sorted(places))
    after = replace(
        before,
        bindings=tuple(binding for binding in before.bindings if binding.principal != person),
        memberships=tuple(edge for edge in before.memberships if edge.member != person),
    )
    for account in Resource.objects.filter(pk__in=places).order_by("name_key", "pk"):
        here, at = ResourceId(account.pk), authority.by.at
        earlier, later = (standing_managers(facts, authority.catalogue, here, at) for facts in (before, after))
        if earlier and not later:
            yield stays(authority, account)
