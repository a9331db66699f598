"""Badges: the words beside people's names, as far as the reader's organization is concerned."""

from collections.abc import Collection, Iterator, Mapping

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.policies import Policy, violation
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.services.caller import Caller
from keyholder.services.read_models import Badge
from keyholder.storage.people import Standing, standings

ROLES = {OrganizationRole.ADMIN.value: Badge.ORGANIZATION_ADMIN, OrganizationRole.USER_ADMIN.value: Badge.USER_ADMIN}


def badges_of(
    reader: Caller, principals: Collection[PrincipalId], policy: Policy, organization: int | None
) -> Mapping[PrincipalId, frozenset[Badge]]:
    """Return the badges of the people among these, within one organization or none: one query."""
    return {PrincipalId(s.id): frozenset(_badges(s, reader, policy)) for s in standings(principals, organization)}


def _badges(person: Standing, reader: Caller, policy: Policy) -> Iterator[Badge]:
    if person.id == reader.principal:
        yield Badge.YOU
    if person.role in ROLES:
        yield ROLES[person.role]
    if person.status != Status.ACTIVE.value:
        yield Badge.SUSPENDED
    elif person.suspended_here:
        yield Badge.SUSPENDED_HERE
    if person.is_vouched_for and not person.verified:
        yield Badge.UNPROVEN
    if violation(policy, person.canonical, verified=person.verified) is not None:
        yield Badge.OUTSIDE_POLICY
