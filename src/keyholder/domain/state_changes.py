"""The difference between two states: what ``plan`` shows and ``apply`` makes (contract 2 and 3).

An entry is the whole of what it names: a key that it leaves out has its default there, so that an entry without ``status`` makes a
suspended person active, and a binding's entry replaces the permissions of the binding with that principal, resource and window. Lists are
open: without ``prune`` the admins, owners and members of an entry are added to those who are there, and nothing ends.

With ``prune`` what the file lacks ends:

- bindings, wherever they stand, and the admins, owners and members that an entry of the file does not list;
- groups that the file neither declares nor names; what hangs on a deleted group goes with it and is not listed by itself;
- resources that the file neither declares nor names, nor needs as the ancestor of one: the topmost is put into the trash, what is below
  goes along, and the bindings there stay as they are, to come back with it;
- shared assets that the entry of their resource does not list, and where an asset is applied that its entry does not list. What is
  somebody's own never ends.

People, service accounts, organizations and suspensions within an organization never end. Three marks are left alone where they are: that
an account awaits a manager goes when it has one, that a person is outside a policy is judged from the policy, and that an assignment stands
without the role beside which it counts from the roles.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, TypeVar

from keyholder.domain import state_rows as rows
from keyholder.domain.state import AccessState, AssetState, OrganizationState, ResourceState, ServiceAccountState, State, UserState
from keyholder.domain.state_keeping import Keeping, keeping
from keyholder.domain.state_rows import AppliedState, GroupRow, MembershipState, OwnerState, RoleState, SuspensionState

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of one kind are added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Changes(Generic[Row]):
    """Rows of one kind that are added, changed (before and after) and removed, in the order of the states."""

    added: tuple[Row, ...] = ()
    changed: tuple[tuple[Row, Row], ...] = ()
    removed: tuple[Row, ...] = ()

    @property
    def counts(self) -> Counts:
        """How many there are."""
        return Counts(len(self.added), len(self.changed), len(self.removed))


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done, by kind, in an order in which it can be done; removals are done last and the other way round."""

    users: Changes[UserState]
    service_accounts: Changes[ServiceAccountState]
    organizations: Changes[OrganizationState]
    """Their names, identity sources and policies; what is inside stands in the fields below."""
    roles: Changes[RoleState]
    suspensions: Changes[SuspensionState]
    groups: Changes[GroupRow]
    """Their names and descriptions; a removed one takes its memberships, owners and bindings along."""
    owners: Changes[OwnerState]
    memberships: Changes[MembershipState]
    resources: Changes[ResourceState]
    """Parents before what is below them; a removed one goes to the trash with all that is below."""
    access: Changes[AccessState]
    assets: Changes[AssetState]
    """What they are called and hold; a removed one is taken off wherever it is applied."""
    applied_assets: Changes[AppliedState]

    @property
    def counts(self) -> Mapping[str, Counts]:
        """How many of each kind, by the name of the field."""
        return {name: changes.counts for name, changes in self.by_kind()}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return all(counts == Counts() for counts in self.counts.values())

    def by_kind(self) -> Iterator[tuple[str, Changes[Any]]]:
        """Go through the fields with their names."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)


def plan(before: State, after: State, *, prune: bool) -> Plan:
    """Return what turns the state of the database into what a file declares.

    ``before`` is all there is; ``after`` may be a part of it. ``prune`` ends what the file lacks, as the head of this module says. Rules
    are not judged here: the commands that carry out the plan do that.
    """
    kept = keeping(before, after) if prune else Keeping.everything()
    return Plan(
        users=_compare({u.canonical: u for u in before.users}, {u.canonical: u for u in after.users}, _judged_user),
        service_accounts=_compare({s.key: s for s in before.service_accounts}, {s.key: s for s in after.service_accounts}),
        organizations=_compare(rows.organizations(before), rows.organizations(after), _head_of_organization),
        roles=_compare(rows.roles(before), rows.roles(after), ends=kept.ends_role),
        suspensions=_compare(rows.suspensions(before), rows.suspensions(after)),
        groups=_compare(rows.groups(before), rows.groups(after), _head_of_group, kept.ends_group),
        owners=_compare(rows.owners(before), rows.owners(after), ends=kept.ends_owner),
        memberships=_compare(rows.memberships(before), rows.memberships(after), ends=kept.ends_membership),
        resources=_compare({r.ref: r for r in before.resources}, {r.ref: r for r in after.resources}, _judged_resource, kept.ends_resource),
        access=_compare(rows.access(before), rows.access(after), _judged_access, kept.ends_access),
        assets=_compare(rows.assets(before), rows.assets(after), _head_of_asset, kept.ends_asset),
        applied_assets=_compare(rows.applied_assets(before), rows.applied_assets(after), _as_it_was, kept.ends_applied_asset),
    )


def _as_it_is(_old: Row, new: Row) -> Row:
    return new


def _as_it_was(old: Row, _new: Row) -> Row:
    return old


def _never(_row: object) -> bool:
    return False


def _compare(
    before: Mapping[Key, Row], after: Mapping[Key, Row], wanted: Callable[[Row, Row], Row] = _as_it_is, ends: Callable[[Row], bool] = _never
) -> Changes[Row]:
    """Compare rows by their keys. ``wanted`` gives what an entry asks of a row that is there; ``ends`` judges a row that the file lacks."""
    changed = ((old, wanted(old, after[key])) for key, old in before.items() if key in after)
    return Changes(
        added=tuple(row for key, row in after.items() if key not in before),
        changed=tuple((old, new) for old, new in changed if old != new),
        removed=tuple(row for key, row in before.items() if key not in after and ends(row)),
    )


def _judged_user(old: UserState, new: UserState) -> UserState:
    return replace(new, outside_policy=old.outside_policy)


def _judged_access(old: AccessState, new: AccessState) -> AccessState:
    return replace(new, without_role=old.without_role)


def _judged_resource(old: ResourceState, new: ResourceState) -> ResourceState:
    return replace(new, awaiting_manager=old.awaiting_manager or new.awaiting_manager)


def _head_of_organization(old: OrganizationState, new: OrganizationState) -> OrganizationState:
    return replace(old, name=new.name, identity_source=new.identity_source, policy=new.policy)


def _head_of_asset(old: AssetState, new: AssetState) -> AssetState:
    return replace(new, applied=old.applied)


def _head_of_group(old: GroupRow, new: GroupRow) -> GroupRow:
    return replace(old, group=replace(old.group, name=new.group.name, description=new.group.description))
