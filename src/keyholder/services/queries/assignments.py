"""What is assigned to whom: what a page about a person, or about the thing itself, lets one tick (semantics 1, reading 22)."""

from dataclasses import dataclass

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.domain.names import name_key
from keyholder.domain.windows import ALWAYS
from keyholder.engine.moment import Moment
from keyholder.services import naming
from keyholder.services.caller import Caller
from keyholder.services.jurisdictions import acquainted
from keyholder.services.queries.seeing import authority_of, require_known, resource_managed
from keyholder.services.read_models import PrincipalView, ResourceView
from keyholder.storage import lineages, locks, slices, subtrees
from keyholder.storage.models import Binding, Resource


@dataclass(frozen=True, slots=True)
class Assigned:
    """One thing that can be assigned to somebody, and whether it is."""

    resource: ResourceView
    principal: PrincipalView
    is_assigned: bool
    counts: bool
    """They hold the role beside which it counts."""


def has_assignments(kinds: tuple[ResourceType, ...], at: ResourceType) -> bool:
    """Say whether something is assigned below a type."""
    return any(kind.assignment is not None and kind.assignment.at == at.name for kind in kinds)


def of_person(*, by: Caller, of: PrincipalId, at: ResourceId) -> tuple[Assigned, ...]:
    """Return what can be assigned to somebody below an account, by name; what is new there is nobody's.

    Raises NotFound where the account or the person is not there for the caller, Forbidden without the granting permission.
    """
    authority = authority_of(by)
    with locks.snapshot():
        top = resource_managed(authority, at)
        require_known(authority, [of], acquainted(authority, top, [of]))
        rules = {t.name: t.assignment for t in authority.catalogue.types.values() if t.assignment is not None}
        rows = [row for row in subtrees.below(top) if row.type in rules and row.trashed_at is None]
        held = _standing(rows).get(of, set())
        moment = Moment(slices.of([of], [at]), authority.catalogue, by.at)
        counts = any(_holds(moment, of, at, rule.role) for rule in rules.values() if rule.at == top.type)
        who = naming.principal_views([of])[of]
    found = [Assigned(naming.resource_view(row), who, row.pk in held, counts) for row in rows]
    return tuple(sorted(found, key=lambda one: (name_key(one.resource.name), one.resource.id)))


def of_node(*, by: Caller, at: ResourceId) -> tuple[Assigned, ...]:
    """Return to whom a node can be assigned: the people who hold the role at its account, and who is assigned without it."""
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_managed(authority, at)
        rule = authority.catalogue.types[row.type].assignment
        account = next((node for node in lineages.of(row) if rule is not None and node.type == rule.at), None)
        if rule is None or account is None:
            return ()
        place = ResourceId(account.pk)
        users = Binding.objects.filter(resource=account, role=rule.role, principal__kind=PrincipalKind.USER.value)
        assigned = {person for person, nodes in _standing([row]).items() if nodes}
        people = sorted({PrincipalId(pk) for pk in users.values_list("principal_id", flat=True)} | assigned)
        moment = Moment(slices.of(people, [place]), authority.catalogue, by.at)
        views, here = naming.principal_views(people), naming.resource_view(row)
    found = [Assigned(here, views[pk], pk in assigned, _holds(moment, pk, place, rule.role)) for pk in people]
    return tuple(sorted((one for one in found if one.counts or one.is_assigned), key=lambda one: name_key(one.principal.shown)))


def _standing(rows: list[Resource]) -> dict[PrincipalId, set[int]]:
    found: dict[PrincipalId, set[int]] = {}
    numbers = [row.pk for row in rows]
    standing = Binding.objects.filter(starts_at=ALWAYS.starts_at, ends_at=ALWAYS.ends_at)
    for start in range(0, len(numbers), 500):
        for person, node in standing.filter(resource__in=numbers[start : start + 500]).values_list("principal_id", "resource_id"):
            found.setdefault(PrincipalId(person), set()).add(node)
    return found


def _holds(moment: Moment, person: PrincipalId, at: ResourceId, role: str) -> bool:
    return any(row.role == role and moment.fault(row) is None for row in moment.facts.binding_index.get((person, at), ()))
