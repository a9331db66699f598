"""Every path by which an account can lose its last standing manager, and who may or may not count as another one (semantics 4)."""

from collections.abc import Callable

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.state import AccessState, GroupState, OrganizationState, State, UserState, user_ref
from keyholder.domain.windows import Window
from keyholder.services.commands import (
    bindings,
    group_deletion,
    group_members,
    nesting,
    organization_links,
    organization_roles,
    people,
    person_deletion,
    removal,
    state,
)
from keyholder.services.queries import state as reading
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.services.holding import DAY, since, until

Path = Callable[[Cast], object]
SHOP = ResourceRef("account", "100")
MANAGE = ["manage_users"]
TOMORROW = until(NOW + DAY)
ACME = OrganizationState("acme", "Acme", admins=("alice@acme.example",))


def file(
    *, users: tuple[UserState, ...] = (), organizations: tuple[OrganizationState, ...] = (), access: tuple[AccessState, ...] = ()
) -> Path:
    """Apply a state file."""
    return lambda _cast: state.apply(by=OPERATOR, state=State(organizations=organizations, users=users, access=access))


def pruned(cast: Cast) -> None:
    """Apply a state file that lacks every binding at the account."""
    now = reading.current(by=OPERATOR)
    kept = tuple(row for row in now.access if row.resource != SHOP)
    state.apply(by=OPERATOR, state=State(now.organizations, now.users, now.service_accounts, now.resources, kept), prune=True)


def suspended(address: str) -> UserState:
    return UserState(address, address, "Name", status=Status.SUSPENDED)


DIRECT: dict[str, Path] = {
    "revoked": lambda c: bindings.revoke(by=OPERATOR, of=[c.alice], on=c.account),
    "revoked with others": lambda c: bindings.revoke(by=OPERATOR, of=[c.ben, c.alice, c.cleo], on=c.account),
    "taken": lambda c: bindings.take(by=OPERATOR, of=[c.alice], on=c.account, permissions=MANAGE),
    "set to less": lambda c: bindings.set_permissions(by=OPERATOR, of=c.alice, on=c.account, permissions=["edit"]),
    "set to nothing": lambda c: bindings.set_permissions(by=OPERATOR, of=c.alice, on=c.account),
    "by an end date": lambda c: bindings.move_window(by=OPERATOR, of=[c.alice], on=c.account, to=TOMORROW),
    "by a beginning": lambda c: bindings.move_window(by=OPERATOR, of=[c.alice], on=c.account, to=since(NOW + DAY)),
    "removed": lambda c: removal.remove(by=OPERATOR, who=[c.alice], at=c.account),
    "removed by another manager": lambda c: removal.remove(by=caller(c.alice), who=[c.alice], at=c.account),
    "given up": lambda c: removal.give_up(by=caller(c.alice), on=c.account),
    "suspended": lambda c: people.suspend(by=OPERATOR, user=c.alice),
    "deleted": lambda c: person_deletion.delete(by=OPERATOR, user=c.alice),
    "suspended within the organization": lambda c: organization_roles.suspend_person(by=OPERATOR, organization=c.acme, user=c.alice),
    "suspended by a file": file(users=(suspended("alice@acme.example"),)),
    "set to less by a file": file(access=(AccessState(user_ref("alice@acme.example"), SHOP, ("edit",)),)),
    "suspended within by a file": file(organizations=(OrganizationState("acme", "Acme", suspended=("alice@acme.example",)),)),
    "pruned": pruned,
}
THROUGH_GROUPS: dict[str, Path] = {
    "taken out of the group": lambda c: group_members.remove(by=OPERATOR, group=c.interns, members=[c.cleo]),
    "leaving the group": lambda c: group_members.leave(by=caller(c.cleo), group=c.interns),
    "a membership with an end": lambda c: group_members.move_window(by=OPERATOR, group=c.interns, member=c.cleo, to=TOMORROW),
    "a nesting with an end": lambda c: group_members.move_window(by=OPERATOR, group=c.analysts, member=c.interns, to=TOMORROW),
    "the inner group deleted": lambda c: group_deletion.delete(by=OPERATOR, group=c.interns),
    "the outer group deleted": lambda c: group_deletion.delete(by=OPERATOR, group=c.analysts),
    "un-nested": lambda c: nesting.unnest(by=OPERATOR, group=c.interns, out_of=c.analysts),
    "the group revoked": lambda c: bindings.revoke(by=OPERATOR, of=[c.analysts], on=c.account),
    "the group removed": lambda c: removal.remove(by=OPERATOR, who=[c.analysts], at=c.account),
    "the group's end date": lambda c: bindings.move_window(by=OPERATOR, of=[c.analysts], on=c.account, to=TOMORROW),
    "the account unlinked": lambda c: organization_links.unlink_account(by=OPERATOR, account=c.account),
    "the member suspended": lambda c: people.suspend(by=OPERATOR, user=c.cleo),
    "the member deleted": lambda c: person_deletion.delete(by=OPERATOR, user=c.cleo),
    "the member suspended within": lambda c: organization_roles.suspend_person(by=OPERATOR, organization=c.acme, user=c.cleo),
    "the groups pruned": lambda _c: state.apply(by=OPERATOR, prune=True, state=State(organizations=(ACME,))),
    "un-nested by a file": lambda _c: state.apply(by=OPERATOR, prune=True, state=without_nesting()),
}


def without_nesting() -> State:
    """Return the present state with no group within another one."""
    now = reading.current(by=OPERATOR)
    (acme,) = now.organizations
    groups = tuple(GroupState(g.key, g.name, g.description, g.owners, g.members) for g in acme.groups)
    return State((OrganizationState(acme.key, acme.name, acme.admins, groups=groups),), now.users, (), now.resources, now.access)


def grant(cast: Cast, who: PrincipalId, window: Window | None = None) -> None:
    bindings.grant(by=OPERATOR, to=[who], on=cast.account, permissions=MANAGE, window=window or Window())


def in_group(cast: Cast, *, membership: Window | None = None, binding: Window | None = None, nested: Window | None = None) -> None:
    """Let Dan be in a managing group: directly, or through another one."""
    inner = cast.analysts if nested is None else cast.interns
    group_members.add(by=OPERATOR, group=inner, members=[cast.dan], window=membership or Window())
    if nested is not None:
        group_members.move_window(by=OPERATOR, group=cast.analysts, member=cast.interns, to=nested)
    grant(cast, cast.analysts, binding)


def only_a_machine(cast: Cast) -> None:
    grant(cast, people.create_service_account(by=OPERATOR, name="Robot"))


def who_was_suspended(cast: Cast) -> None:
    grant(cast, cast.dan)
    people.suspend(by=OPERATOR, user=cast.dan)


def who_was_suspended_within(cast: Cast) -> None:
    grant(cast, cast.dan)
    organization_roles.suspend_person(by=OPERATOR, organization=cast.acme, user=cast.dan)


def only_an_admin(cast: Cast) -> None:
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.dan, role=OrganizationRole.ADMIN)


COUNT_NOT: dict[str, Path] = {
    "a suspended person": who_was_suspended,
    "a person suspended within the organization": who_was_suspended_within,
    "a service account": only_a_machine,
    "an admin of the organization": only_an_admin,
    "an operator": lambda c: people.appoint_operator(by=OPERATOR, user=c.dan),
    "who manages until tomorrow": lambda c: grant(c, c.dan, TOMORROW),
    "who manages from tomorrow on": lambda c: grant(c, c.dan, since(NOW + DAY)),
    "who manages a property": lambda c: bindings.grant(by=OPERATOR, to=[c.dan], on=c.property, permissions=MANAGE),
    "who may everything else": lambda c: bindings.grant(by=OPERATOR, to=[c.dan], on=c.account, permissions=["edit"]),
    "a group of nobody": lambda c: grant(c, c.interns),
    "a member until tomorrow": lambda c: in_group(c, membership=TOMORROW),
    "a member from tomorrow on": lambda c: in_group(c, membership=since(NOW + DAY)),
    "a group until tomorrow": lambda c: in_group(c, binding=TOMORROW),
    "a group nested until tomorrow": lambda c: in_group(c, nested=TOMORROW),
}
COUNT: dict[str, Path] = {
    "a person": lambda c: grant(c, c.dan),
    "who manages since just now": lambda c: grant(c, c.dan, since(NOW)),
    "a member of a group": in_group,
    "a member since just now": lambda c: in_group(c, membership=since(NOW), binding=since(NOW)),
    "a member of a group within": lambda c: in_group(c, nested=since(NOW)),
}
