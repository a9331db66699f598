"""Removals: what removing principals from an account takes, what it leaves, and why it is refused. The command and its preview share it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from keyholder.domain.identifiers import BindingId, PrincipalId, ResourceId
from keyholder.domain.refusals import Conflict, Refusal
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import Window
from keyholder.engine.management import standing_managers
from keyholder.services.authority import Authority, names_of, not_there
from keyholder.services.remains import Remaining, elsewhere, remains
from keyholder.services.rules.managers import LAST
from keyholder.storage import lineages, slices, subtrees
from keyholder.storage.models import Resource

AT_ACCOUNT = _("People are removed at the account: remove them from {account}. Here you can take away what they hold at {resource} itself.")
AT_AN_ACCOUNT = _("People are removed from an account; at {resource} you can take away what they hold there.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A direct binding that a removal deletes."""

    binding: BindingId
    resource: ResourceId
    resource_name: str
    permissions: tuple[str, ...]
    """As they were ticked; empty for a role."""
    role: str
    window: Window


@dataclass(frozen=True, slots=True)
class Removal:
    """What removing one principal from an account means; ``refusal`` says why it can't be done."""

    principal: PrincipalId
    name: str
    taken: tuple[Taken, ...]
    remaining: tuple[Remaining, ...]
    refusal: Refusal | None = None


def plan(authority: Authority, account: Resource, principals: Sequence[PrincipalId]) -> tuple[Removal, ...]:
    """Say what removing these principals together from an account takes and leaves, each refused one with its reason.

    The caller's authority is judged here: the granting permission at the account. Raises NotFound, Forbidden, and Conflict, naming the
    account, where the resource is not of the account level (R050, R051).
    """
    authority.see(account)
    if not authority.catalogue.types[account.type].account_level:
        raise _wrong_level(authority, account)
    authority.require_granting(account)
    taken = bound_within(account, principals)
    doomed = [row.binding for rows in taken.values() for row in rows]
    left = remains(authority, account, principals, without=doomed)
    names = names_of(principals)
    last = last_managers(authority, account, principals, doomed)
    removals = (Removal(p, names.get(p, ""), tuple(taken.get(p, ())), left.get(p, ())) for p in principals)
    return tuple(replace(removal, refusal=_refusal(authority, account, removal, last)) for removal in removals)


def _refusal(authority: Authority, account: Resource, removal: Removal, last: set[PrincipalId]) -> Refusal | None:
    if removal.taken:
        return stays(authority, account) if removal.principal in last else None
    return elsewhere(removal.name, account, removal.remaining) if removal.remaining else not_there()


def stays(authority: Authority, account: Resource) -> Conflict:
    """Make the refusal for the last standing manager."""
    blueprint = authority.catalogue.of(account.type)
    wanted = blueprint.called(blueprint.standing_role or blueprint.granting)
    return Conflict("last_manager", sentence(LAST, resource=account.name, permission=wanted))


def bound_within(account: Resource, principals: Sequence[PrincipalId]) -> Mapping[PrincipalId, Sequence[Taken]]:
    """Return the direct bindings of principals at a resource and below it, of every window."""
    found: dict[PrincipalId, list[Taken]] = {}
    for row in subtrees.bindings_within(account).filter(principal__in=principals):
        window = Window(row.starts_at, row.ends_at)
        permissions = tuple(row.permissions.split())
        taken = Taken(BindingId(row.pk), ResourceId(row.resource_id), row.resource.name, permissions, row.role, window)
        found.setdefault(PrincipalId(row.principal_id), []).append(taken)
    return found


def last_managers(
    authority: Authority, account: Resource, principals: Sequence[PrincipalId], doomed: Sequence[BindingId]
) -> set[PrincipalId]:
    """Return those whose removal, together, takes the last standing managers of an account that has one (R055, R057); else nobody."""
    here, at = ResourceId(account.pk), authority.by.at
    before = slices.at([here])
    gone = set(doomed)
    after = replace(before, bindings=tuple(binding for binding in before.bindings if binding.id not in gone))
    managers = standing_managers(before, authority.catalogue, here, at)
    if not managers or standing_managers(after, authority.catalogue, here, at):
        return set()
    return {p for p in principals if before.within([p], lambda window: window.stands(at)) & managers}


def _wrong_level(authority: Authority, resource: Resource) -> Conflict:
    levels = [kind.name for kind in authority.catalogue.types.values() if kind.account_level]
    account = Resource.objects.filter(pk__in=lineages.numbers(resource.path), type__in=levels).first()
    if account is None:
        return Conflict("not_account_level", sentence(AT_AN_ACCOUNT, resource=resource.name))
    return Conflict("not_account_level", sentence(AT_ACCOUNT, account=account.name, resource=resource.name))


def refused(removals: Sequence[Removal]) -> Iterator[tuple[PrincipalId, Refusal]]:
    """Go through the refused ones."""
    return ((removal.principal, removal.refusal) for removal in removals if removal.refusal is not None)
