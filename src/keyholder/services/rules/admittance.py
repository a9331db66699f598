"""Admittance: an organization's enforced user policy refuses to add a violator, by every door (R087, semantics 5)."""

from collections.abc import Iterator

from keyholder.domain.events import Change
from keyholder.domain.policies import PolicyMode, violation
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.act import Act
from keyholder.services.policies import policy_of
from keyholder.storage.models import Binding, Group, Organization, Resource, User

NOT_ADMITTED = _("{address} can't be added to {organization}: {why}")
DIRECTORY = _("{address} is not in the directory of {organization}: only people who are known there can be added.")
ADDS = {
    "binding": ("principal_id", "resource_id"),
    "membership": ("member_id", "group_id"),
    "organization_member": ("user_id", "organization_id"),
}


def refusals(act: Act) -> Iterator[Conflict]:
    """Refuse every new binding, membership or role of a person whom the enforced policy keeps out, and what a move brings of theirs."""
    enforcing = {o.pk: o for o in Organization.objects.filter(policy_mode=PolicyMode.ENFORCED.value)}
    added = [c for c in act.ledger.written if c.noun in ADDS and c.before is None]
    moved = _moved(act)
    if not enforcing or not (added or moved):
        return
    pairs = {pair for change in added for pair in [_pair(change, enforcing)] if pair} | _brought(moved, enforcing)
    people = User.objects.in_bulk({user for user, _ in pairs})
    for user, organization in sorted(pairs):
        person = people.get(user)
        if person is None or user in act.tolerated:
            continue
        why = violation(policy_of(enforcing[organization]), person.canonical, verified=person.email_verified)
        if why:
            yield Conflict("policy", sentence(NOT_ADMITTED, address=person.email, organization=enforcing[organization].name, why=why))


def _moved(act: Act) -> list[int]:
    """Return the nodes that came to another tenant because one of them was hung elsewhere: linking an account adds nobody."""
    changes = [c for c in act.ledger.written if c.noun == "resource" and c.before and c.after]
    if not any(c.before and c.after and c.before["parent_id"] != c.after["parent_id"] for c in changes):
        return []
    return [c.id for c in changes if c.before and c.after and c.before["tenant_id"] != c.after["tenant_id"]]


def _brought(moved: list[int], enforcing: dict[int, Organization]) -> set[tuple[int, int]]:
    """Return who has access at what was moved to which enforcing organization."""
    tenants = {o.tenant_id: o.pk for o in enforcing.values()}
    rows = Binding.objects.filter(resource__in=moved, resource__tenant__in=tenants)
    return {(who, tenants[tenant]) for who, tenant in rows.values_list("principal", "resource__tenant")}


def _pair(change: Change, enforcing: dict[int, Organization]) -> tuple[int, int] | None:
    """Return who is added to which enforcing organization, if to one."""
    who, where = ADDS[change.noun]
    values = change.after or {}
    place = int(str(values[where]))
    if change.noun == "membership":
        found = Group.objects.filter(pk=place).values_list("organization_id", flat=True).first()
    elif change.noun == "binding":
        tenants = {o.tenant_id: o.pk for o in enforcing.values()}
        found = tenants.get(Resource.objects.values_list("tenant_id", flat=True).get(pk=place))
    else:
        found = place
    return (int(str(values[who])), found) if found in enforcing else None
