"""Admittance: what a command wrote adds nobody whom an organization does not take, by whatever door (R043, R087, semantics 5 and 7)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.db.models import Q

from keyholder.domain.events import Change
from keyholder.domain.policies import PolicyMode
from keyholder.domain.refusals import Conflict
from keyholder.domain.state import IdentitySource
from keyholder.services.act import Act
from keyholder.services.admittance import Applicant, known_to, refusal, vouched_for
from keyholder.storage.models import (
    Binding,
    Group,
    GroupOwner,
    Invitation,
    Membership,
    Organization,
    OrganizationMember,
    PlannedBinding,
    PlannedMembership,
    Resource,
    User,
)

ADDS = {
    Binding.noun: ("principal_id", "resource_id"),
    Membership.noun: ("member_id", "group_id"),
    GroupOwner.noun: ("user_id", "group_id"),
    OrganizationMember.noun: ("user_id", "organization_id"),
}
"""The rows by which somebody is of an organization: who, and where."""
INVITES = frozenset({Invitation.noun, PlannedBinding.noun, PlannedMembership.noun})
"""The rows by which an address is invited to one."""
Homes = Mapping[int, Organization]
Rows = Mapping[str, set[int]]
"""Numbers of rows by their noun."""


def refusals(act: Act) -> Iterator[Conflict]:
    """Refuse every new binding, membership, ownership, role and invitation of somebody whom an organization does not take."""
    if not any(change.noun in ADDS or change.noun in INVITES for change in act.ledger.written):
        return
    strict = Q(policy_mode=PolicyMode.ENFORCED.value) | Q(identity_source=IdentitySource.DIRECTORY.value)
    homes = {home.pk: home for home in Organization.objects.filter(strict)}
    if homes:
        yield from _added(act, homes)
        yield from _invited(act, homes)


def _added(act: Act, homes: Homes) -> Iterator[Conflict]:
    changes = [change for change in act.ledger.written if change.noun in ADDS]
    places = _places(changes, homes)
    pairs = {pair for change in changes if change.before is None for pair in [_pair(change, places)] if pair}
    people = User.objects.in_bulk({user for user, _ in pairs})
    gone = {pair for change in changes if change.after is None for pair in [_pair(change, places)] if pair}
    added = _numbers(change for change in changes if change.before is None)
    vouched = act.declared | vouched_for(list(people))
    for user, organization in sorted(pairs):
        person, home = people.get(user), homes[organization]
        if person is None or user in act.tolerated:
            continue
        was_there = (user, organization) in gone or _was_there(user, home, added)
        if was_there and user == act.by.principal and not act.is_answering:
            continue
        who = Applicant(person.email, person.canonical, person.email_verified, user in vouched or was_there)
        why = refusal(home, who)
        if why is not None:
            yield why


def _invited(act: Act, homes: Homes) -> Iterator[Conflict]:
    """Judge whoever is invited, invited to more, invited again, or whose invitation somebody takes over."""
    numbers = {number for change in act.ledger.written if change.noun in INVITES for number in [_invitation(change)] if number}
    tenants = {home.tenant_id: home for home in homes.values()}
    rows = Invitation.objects.filter(pk__in=numbers, account__tenant__in=tenants).select_related("account").order_by("pk")
    for row in rows:
        home = tenants[row.account.tenant_id]
        is_known = bool(known_to(home, [row.canonical]))
        why = refusal(home, Applicant(row.email, row.canonical, is_known=is_known))
        if why is not None:
            yield why


def _invitation(change: Change) -> int | None:
    """Return the invitation that a change makes or renews, None for one that only settles it or takes something out of it."""
    before, after = change.before, change.after
    if after is None:
        return None
    if change.noun != Invitation.noun:
        return int(str(after["invitation_id"]))
    return change.id if before is None or before["generation"] != after["generation"] else None


def _places(changes: list[Change], homes: Homes) -> Mapping[tuple[str, int], int]:
    """Return the organization of each group, resource and organization that the changes name, of those that are strict."""
    named: defaultdict[str, set[int]] = defaultdict(set)
    for change in changes:
        column = ADDS[change.noun][1]
        named[column].add(_number(change, column))
    tenants = {home.tenant_id: home.pk for home in homes.values()}
    found = {("organization_id", pk): pk for pk in named["organization_id"] if pk in homes}
    for numbers in _chunks(named["group_id"]):
        rows = Group.objects.filter(pk__in=numbers, organization__in=homes).values_list("pk", "organization_id")
        found |= {("group_id", pk): home for pk, home in rows}
    for numbers in _chunks(named["resource_id"]):
        nodes = Resource.objects.filter(pk__in=numbers, tenant__in=tenants).values_list("pk", "tenant_id")
        found |= {("resource_id", pk): tenants[tenant] for pk, tenant in nodes}
    return found


def _chunks(numbers: set[int], size: int = 500) -> Iterator[list[int]]:
    listed = sorted(numbers)
    return (listed[start : start + size] for start in range(0, len(listed), size))


def _pair(change: Change, places: Mapping[tuple[str, int], int]) -> tuple[int, int] | None:
    """Return who is added to, or taken from, which strict organization, if one."""
    who, where = ADDS[change.noun]
    home = places.get((where, _number(change, where)))
    return None if home is None else (_number(change, who), home)


def _was_there(user: int, home: Organization, added: Rows) -> bool:
    """Say whether somebody was of an organization before: by a row that this act did not add."""
    held = {
        Binding.noun: Binding.objects.filter(principal=user, resource__tenant=home.tenant_id),
        Membership.noun: Membership.objects.filter(member=user, group__organization=home),
        GroupOwner.noun: GroupOwner.objects.filter(user=user, group__organization=home),
        OrganizationMember.noun: OrganizationMember.objects.filter(user=user, organization=home),
    }
    return any(set(rows.values_list("pk", flat=True)) - added.get(noun, set()) for noun, rows in held.items())


def _numbers(changes: Iterator[Change]) -> Rows:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for change in changes:
        found[change.noun].add(change.id)
    return found


def _number(change: Change, column: str) -> int:
    return int(str((change.after or change.before or {})[column]))
