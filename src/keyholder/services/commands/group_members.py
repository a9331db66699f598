"""Who is in a group: people, for a window or for good. What a group's bindings give is conferred by its owners (semantics 4 and 5)."""

from collections.abc import Iterator, Sequence

from keyholder.domain.identifiers import PrincipalId, PrincipalKind, TenantId
from keyholder.domain.refusals import Conflict, Invalid, Refusal
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import bulk, labels, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.admittance import Applicant, refusal, vouched_for
from keyholder.services.authority import name_of, not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.binding_rows import Granted, Outcome, refuse_over
from keyholder.services.commands.finding import NOT_KNOWN, group_row
from keyholder.services.commands.groups import about
from keyholder.storage import acquaintance, guards
from keyholder.storage.models import Group, Membership, Organization, Principal, User

NOT_A_PERSON = _("Only people are added here; a group is put into another one by nesting, and a service account is in no group.")
THROUGH = _("{subject} is in {group} through the group {inner}; take them out of that one.")


def add(
    *, by: Caller, group: PrincipalId, members: Sequence[PrincipalId], window: Window = ALWAYS, reason: str = ""
) -> tuple[Granted, ...]:
    """Put people into a group, all or none, for a window; who is in it for that very window already stays so and is reported (R071).

    The group's owners and its organization's admins and user admins may, whatever the group's bindings give (R-PRV-3). Raises NotFound
    outside the organization, Forbidden, Invalid for a window that is over, and for each refused person, several as Refusals: Conflict
    where the caller can't know them or the enforced policy keeps them out, Invalid for who is no person.
    """
    with acting(by, scopes.of_groups(group)) as act:
        return admit(act, group, members, window, reason)


def admit(act: Act, group: PrincipalId, members: Sequence[PrincipalId], window: Window = ALWAYS, reason: str = "") -> tuple[Granted, ...]:
    """Put people into a group: the step of :func:`add`; authority is asked here."""
    asked = list(dict.fromkeys(members))
    row = group_row(group)
    act.authority.require_owner(row)
    refuse_over(window, act.at)
    bulk.refuse(asked, list(_refused(act, row.organization, asked)))
    return tuple(Granted(member, join(act, row, member, window, reason)) for member in asked)


def join(
    act: Act, group: Group, member: PrincipalId, window: Window = ALWAYS, reason: str = "", *, action: str = "group.member_added"
) -> Outcome:
    """Write a membership for that very window unless it is there, and tell it; authority and rules about the member were asked before."""
    if membership_of(group, member, window) is not None:
        return Outcome.UNCHANGED
    act.ledger.add(Membership(group=group, member_id=member, starts_at=window.starts_at, ends_at=window.ends_at))
    _tell(act, action, group, member, reason, until=_until(window))
    return Outcome.ADDED


def remove(*, by: Caller, group: PrincipalId, members: Sequence[PrincipalId], window: Window | None = None, reason: str = "") -> None:
    """Take people out of a group, all or none: of every window, or of one. What they have otherwise stays (R077, R078).

    The group's owners and its organization's admins and user admins may. Raises NotFound outside the organization or for somebody who is
    not in it, Forbidden, Conflict for who is in it through another group or is the last standing manager of an account.
    """
    asked = list(dict.fromkeys(members))
    with acting(by, scopes.of_groups(group)) as act:
        row = group_row(group)
        act.authority.require_owner(row)
        found = {member: list(memberships_of(row, member, window)) for member in asked}
        bulk.refuse(asked, [(member, absent(row, member)) for member in asked if not found[member]])
        for member in asked:
            for membership in found[member]:
                part(act, row, membership, reason)


def leave(*, by: Caller, group: PrincipalId, reason: str = "") -> None:
    """Give up one's own membership of a group, of every window (semantics 4).

    Raises NotFound for who is not in it, Conflict for who is in it through another group, and for the last standing manager (R056).
    """
    with acting(by, scopes.of_groups(group)) as act:
        row = group_row(group)
        if by.principal is None:
            raise not_there()
        found = list(memberships_of(row, by.principal, None))
        if not found:
            raise absent(row, by.principal)
        for membership in found:
            part(act, row, membership, reason)


def move_window(*, by: Caller, group: PrincipalId, member: PrincipalId, to: Window, since: Window = ALWAYS, reason: str = "") -> None:
    """Give the membership of one window another one (an end date), a person's or a nested group's.

    Where the member is in the group for the new window already, only the old one goes. The group's owners and its organization's admins
    and user admins may. Raises NotFound, Forbidden, Invalid where either window is over (what has ended is never revived), Conflict where
    an account would lose its last standing manager (R056).
    """
    with acting(by, scopes.of_groups(group)) as act:
        row = group_row(group)
        act.authority.require_owner(row)
        refuse_over(since, act.at)
        refuse_over(to, act.at)
        membership = membership_of(row, member, since)
        if membership is None:
            raise absent(row, member)
        if since == to:
            return
        if membership_of(row, member, to) is None:
            act.ledger.change(membership, starts_at=to.starts_at, ends_at=to.ends_at)
        else:
            act.ledger.remove(membership)
        _tell(act, "group.member_changed", row, member, reason, before=_until(since), until=_until(to))


def part(act: Act, group: Group, membership: Membership, reason: str = "") -> None:
    """Delete a membership and tell it; authority was asked before."""
    member = PrincipalId(membership.member_id)
    nested = membership.member.kind == PrincipalKind.GROUP.value
    act.ledger.remove(membership)
    _tell(act, "group.unnested" if nested else "group.member_removed", group, member, reason)


def membership_of(group: Group, member: PrincipalId, window: Window) -> Membership | None:
    """Return the membership of that very window, if there is one."""
    return Membership.objects.filter(group=group, member=member, starts_at=window.starts_at, ends_at=window.ends_at).first()


def memberships_of(group: Group, member: PrincipalId, window: Window | None) -> Iterator[Membership]:
    """Go through the memberships that somebody has in a group: of every window, or of one."""
    rows = Membership.objects.filter(group=group, member=member).select_related("member").order_by("pk")
    return (row for row in rows if window is None or Window(row.starts_at, row.ends_at) == window)


def absent(group: Group, member: PrincipalId) -> Refusal:
    """Make the refusal for somebody who is not in a group by a membership of their own: Conflict naming the inner group, else NotFound."""
    inner = {edge[1] for edge in guards.below([PrincipalId(group.pk)])}
    found = Membership.objects.filter(group__in=inner, member=member).order_by("pk").values_list("group__name", flat=True).first()
    if found is None:
        return not_there()
    return Conflict("through_group", sentence(THROUGH, subject=name_of(member), group=group.name, inner=found))


def _refused(act: Act, organization: Organization, members: Sequence[PrincipalId]) -> Iterator[tuple[PrincipalId, Refusal]]:
    people = User.objects.in_bulk(members)
    there = set(Principal.objects.filter(pk__in=members, deleted_at__isnull=True).values_list("pk", flat=True))
    known = set(members) if act.authority.is_operator() else acquaintance.knows(organization.tenant_id, members)
    inside = acquaintance.knows(organization.tenant_id, members) | vouched_for(members)
    for member in members:
        person = people.get(member)
        if member not in known or member not in there:
            yield member, Conflict("not_known", sentence(NOT_KNOWN))
        elif person is None:
            yield member, Invalid("not_a_person", sentence(NOT_A_PERSON))
        elif why := refusal(organization, Applicant(person.email, person.canonical, person.email_verified, member in inside)):
            yield member, why


def _until(window: Window) -> str:
    return window.ends_at.isoformat() if window.ends_at else ""


def _tell(act: Act, action: str, group: Group, member: PrincipalId, reason: str, **details: str) -> None:
    to_oneself: dict[str, bool] = {"self": True} if member == act.by.principal and not act.is_answering else {}
    event = about(group, action, reason, subject=member, name=labels.principal(member), **to_oneself, **details)
    act.record(event, tenant=TenantId(group.organization.tenant_id))
