"""Samples: a few bindings spread over all there are, and whom and where they can be asked about. Another day is another sample."""

from collections.abc import Iterator
from datetime import datetime

from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.storage.models import Binding, Membership, OrganizationMember, Resource
from keyholder.storage.statements import fetch

Pair = tuple[PrincipalId, ResourceId]


def pairs(most: int, at: datetime) -> list[Pair]:
    """Return whom and where to ask about for at most so many bindings, and for as many organization roles; nothing for none."""
    found = [pair for principal, resource in _bindings(most, at) for pair in _around(principal, resource)]
    found += [pair for user, account in _appointed(most) for pair in _around(user, account)]
    return list(dict.fromkeys(found))


def held_back(most: int) -> list[Pair]:
    """Return where people who are suspended everywhere, and principals that were deleted, are bound or were."""
    lines = fetch(
        """SELECT u.principal_id, MIN(b.resource_id) FROM "user" u JOIN binding b ON b.principal_id = u.principal_id
            WHERE u.status <> 'active' GROUP BY u.principal_id ORDER BY 1 LIMIT %(most)s""",
        {"most": most},
    )
    lines += fetch(
        """SELECT p.id, (SELECT MIN(r.id) FROM resource r) FROM principal p
            WHERE p.deleted_at IS NOT NULL AND EXISTS (SELECT 1 FROM resource) ORDER BY p.id LIMIT %(most)s""",
        {"most": most},
    )
    return [(PrincipalId(principal), ResourceId(resource)) for principal, resource in lines]


def _bindings(most: int, at: datetime) -> list[Pair]:
    if most < 1:
        return []
    step = max(1, -(-Binding.objects.count() // most))
    lines = fetch(
        """SELECT b.principal_id, r.id FROM binding b JOIN resource r ON r.id = b.resource_id
            WHERE mod(b.id, %(step)s) = %(day)s ORDER BY b.id LIMIT %(most)s""",
        {"step": step, "day": at.toordinal() % step, "most": most},
    )
    return [(PrincipalId(principal), ResourceId(resource)) for principal, resource in lines]


def _appointed(most: int) -> Iterator[Pair]:
    for organization, user in OrganizationMember.objects.order_by("pk").values_list("organization_id", "user_id")[:most]:
        account = Resource.objects.filter(organization=organization).order_by("pk").values_list("pk", flat=True).first()
        if account is not None:
            yield PrincipalId(user), ResourceId(account)


def _around(principal: PrincipalId, resource: ResourceId) -> Iterator[Pair]:
    """Go through the pair, and somebody in the group if it is one, each also at the parent and at the first node below."""
    within = Membership.objects.filter(group=principal).exclude(member__kind=PrincipalKind.GROUP.value)
    member = within.order_by("pk").values_list("member_id", flat=True).first()
    below = Resource.objects.filter(parent=resource).order_by("pk").values_list("pk", flat=True).first()
    above = Resource.objects.filter(pk=resource).values_list("parent_id", flat=True).first()
    for somebody in (principal, *([] if member is None else [PrincipalId(member)])):
        for node in (resource, below, above):
            if node is not None:
                yield somebody, ResourceId(node)
