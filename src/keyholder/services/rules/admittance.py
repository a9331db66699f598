"""Admittance: an organization's enforced user policy refuses to add a violator, by every door (R087, semantics 5)."""

from collections.abc import Iterator

from keyholder.domain.events import Change
from keyholder.domain.policies import PolicyMode, violation
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.act import Act
from keyholder.services.policies import policy_of
from keyholder.storage.models import Group, Organization, Resource, User

NOT_ADMITTED = _("{address} can't be added to {organization}: {why}")
DIRECTORY = _("{address} is not in the directory of {organization}: only people who are known there can be added.")
ADDS = {
    "binding": ("principal_id", "resource_id"),
    "membership": ("member_id", "group_id"),
    "organization_member": ("user_id", "organization_id"),
}


def refusals(act: Act) -> Iterator[Conflict]:
    """Refuse every new binding, membership or role of a person whom the organization's enforced policy keeps out."""
    enforcing = {o.pk: o for o in Organization.objects.filter(policy_mode=PolicyMode.ENFORCED.value)}
    added = [c for c in act.ledger.written if c.noun in ADDS and c.before is None]
    if not enforcing or not added:
        return
    pairs = {pair for change in added for pair in [_pair(change, enforcing)] if pair}
    people = User.objects.in_bulk({user for user, _ in pairs})
    for user, organization in sorted(pairs):
        person = people.get(user)
        if person is None or user in act.tolerated:
            continue
        why = violation(policy_of(enforcing[organization]), person.canonical, verified=person.email_verified)
        if why:
            yield Conflict("policy", sentence(NOT_ADMITTED, address=person.email, organization=enforcing[organization].name, why=why))


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
