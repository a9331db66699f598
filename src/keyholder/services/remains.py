"""What remains after a removal: access through groups, as an organization's admin or from above the account, and where that can be changed.

A removal takes direct bindings only (semantics 4, R050, R058).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import BindingId, OrganizationId, PrincipalId, ResourceId
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment
from keyholder.engine.sources import Source, SourceKind, sources_at
from keyholder.services.authority import Authority, names_of
from keyholder.storage import belonging, lineages, slices
from keyholder.storage.models import Organization, Resource

THROUGH_GROUP = _("What {subject} may do at {resource} comes through the group {source}: take them out of it, or change what it may do.")
AS_ADMIN = _("What {subject} may do at {resource} comes from being an admin of the organization {source}: change that role there.")
FROM_ABOVE = _("What {subject} may do at {resource} comes from {source}: take it away there.")


@dataclass(frozen=True, slots=True)
class Remaining:
    """Access that a removal does not end."""

    kind: SourceKind
    resource: ResourceId
    """Where it stands: for a group where it is bound, for an organization role the linked account, else what is above the account."""
    resource_name: str
    permissions: tuple[str, ...]
    """The fewest that say it all."""
    source: PrincipalId | OrganizationId | ResourceId
    """What has to be changed: the group that the principal is in, the organization, the resource above."""
    source_name: str
    groups: tuple[PrincipalId, ...] = ()
    """From the group that the principal is in to the one that is bound."""


def remains(
    authority: Authority, account: Resource, principals: Collection[PrincipalId], *, without: Collection[BindingId] = ()
) -> Mapping[PrincipalId, tuple[Remaining, ...]]:
    """Return what principals have at an account and below it by other ways than direct bindings there, as if ``without`` were gone already.

    Suspension and trash are looked through: what comes back with the person or the resource remains as well.
    """
    nodes = [ResourceId(account.pk), *belonging.bound_below(account, principals)]
    facts = slices.of(principals, nodes)
    bindings = tuple(binding for binding in facts.bindings if binding.id not in set(without))
    moment = Moment(replace(facts, bindings=bindings).without_shadows(), authority.catalogue, authority.by.at)
    ways = {principal: list(_ways(moment, principal, nodes, account)) for principal in principals}
    return _described(ways, facts, authority.catalogue)


def elsewhere(subject: str, account: Resource, remaining: Sequence[Remaining]) -> Conflict:
    """Make the refusal for a principal who has nothing of their own to be taken: it names where access comes from (R058)."""
    first = remaining[0]
    template = {SourceKind.GROUP: THROUGH_GROUP, SourceKind.ORGANIZATION: AS_ADMIN, SourceKind.DIRECT: FROM_ABOVE}[first.kind]
    place = account.name if first.kind is SourceKind.DIRECT else first.resource_name
    return Conflict("inherited", sentence(template, subject=subject, resource=place, source=first.source_name))


def _ways(moment: Moment, principal: PrincipalId, nodes: Sequence[ResourceId], account: Resource) -> Iterator[Source]:
    """Go through the ways a principal has at these nodes, each once; direct ones only where they stand above the account."""
    above = set(lineages.numbers(account.path)[1:])
    seen: set[tuple[object, ...]] = set()
    for node in dict.fromkeys(nodes):
        for source in sources_at(moment, principal, node):
            key = (source.binding, source.organization, source.groups)
            if key not in seen and (source.kind is not SourceKind.DIRECT or source.resource in above):
                seen.add(key)
                yield source


def _described(
    ways: Mapping[PrincipalId, Sequence[Source]], facts: Facts, catalogue: Catalogue
) -> Mapping[PrincipalId, tuple[Remaining, ...]]:
    every = [source for sources in ways.values() for source in sources]
    places = dict(Resource.objects.filter(pk__in={s.resource for s in every}).values_list("pk", "name"))
    organizations = dict(Organization.objects.filter(pk__in={s.organization for s in every if s.organization}).values_list("pk", "name"))
    groups = names_of({s.groups[0] for s in every if s.groups})

    def remaining(source: Source) -> Remaining:
        names = catalogue.of(facts.resources[source.resource].ref.type).minimal(source.permissions)
        what: tuple[PrincipalId | OrganizationId | ResourceId, str] = source.resource, places[source.resource]
        if source.groups:
            what = source.groups[0], groups[source.groups[0]]
        elif source.organization is not None:
            what = source.organization, organizations[source.organization]
        return Remaining(source.kind, source.resource, places[source.resource], names, *what, source.groups)

    return {principal: tuple(map(remaining, sources)) for principal, sources in ways.items()}
