"""Naming: the engine's answers with names attached. A fixed number of queries however much there is to name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from keyholder.domain.blueprint import Blueprint, Catalogue, Mask
from keyholder.domain.identifiers import OrganizationId, PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.engine.search import Access
from keyholder.engine.sources import Source, SourceKind
from keyholder.services.read_models import AccessView, OrganizationView, PermissionSet, PrincipalView, ResourceView, SourceView
from keyholder.storage import naming
from keyholder.storage.models import Resource

HERE = _("given here")
FROM = _("from {resource}")
THROUGH = _("through {groups}")
FROM_THROUGH = _("from {resource} through {groups}")
AS_ROLE = {"admin": _("as an admin of {organization}"), "user_admin": _("as a user admin of {organization}")}
ONWARD = " > "
"""Between a group and the group that it is in."""


@dataclass(frozen=True)
class Names:
    """Names by number. What is gone meanwhile has an empty name: nothing fails for it."""

    catalogue: Catalogue
    principals: Mapping[PrincipalId, PrincipalView] = field(default_factory=dict)
    resources: Mapping[ResourceId, ResourceView] = field(default_factory=dict)
    organizations: Mapping[OrganizationId, OrganizationView] = field(default_factory=dict)

    def principal(self, number: PrincipalId) -> PrincipalView:
        """Return a principal by name."""
        return self.principals.get(number) or PrincipalView(number, PrincipalKind.USER, "")

    def source(self, source: Source) -> SourceView:
        """Return a source with its words."""
        blueprint = self._blueprint(source.resource)
        return SourceView(
            source.kind,
            self.words(source),
            self.resources[source.resource],
            source.inherited,
            permission_set(blueprint, source.permissions),
            source.role if source.kind is not SourceKind.ORGANIZATION else "",
            tuple(self.principal(group) for group in source.groups),
            None if source.organization is None else self.organizations.get(source.organization),
            source.window.starts_at,
            source.window.ends_at,
        )

    def words(self, source: Source) -> Sentence:
        """Say where something comes from (R017)."""
        resource = self.resources[source.resource].name
        groups = ONWARD.join(self.principal(group).shown for group in source.groups)
        if source.organization is not None:
            organization = self.organizations.get(source.organization)
            return sentence(AS_ROLE[source.role], organization=organization.name if organization else "")
        if source.groups:
            return sentence(FROM_THROUGH, resource=resource, groups=groups) if source.inherited else sentence(THROUGH, groups=groups)
        return sentence(FROM, resource=resource) if source.inherited else sentence(HERE)

    def access(self, access: Access, held: Mask | None = None) -> AccessView:
        """Return access with names; ``held`` is what would be effective if nothing held the principal back, where that differs."""
        blueprint = self._blueprint(access.resource)
        whole = access.effective if held is None else held
        return AccessView(
            self.principal(access.principal),
            self.resources[access.resource],
            permission_set(blueprint, access.local),
            permission_set(blueprint, whole & ~access.local),
            permission_set(blueprint, access.effective),
            tuple(dict.fromkeys(s.role for s in access.sources if s.role and not s.inherited and s.organization is None)),
            tuple(map(self.source, access.sources)),
        )

    def _blueprint(self, resource: ResourceId) -> Blueprint:
        return self.catalogue.of(self.resources[resource].ref.type)


def names(
    catalogue: Catalogue, principals: Collection[PrincipalId], resources: Collection[ResourceId], organizations: Collection[OrganizationId]
) -> Names:
    """Look names up: at most three queries."""
    return Names(
        catalogue,
        principal_views(principals),
        resource_views(resources),
        {OrganizationId(pk): OrganizationView(OrganizationId(pk), key, name) for pk, key, name in _organizations(organizations)},
    )


def of_sources(
    catalogue: Catalogue,
    sources: Iterable[Source],
    *,
    principals: Iterable[PrincipalId] = (),
    resources: Iterable[ResourceId] = (),
    organizations: Iterable[OrganizationId] = (),
) -> Names:
    """Look up everything that these sources name, and these principals, resources and organizations as well."""
    listed = list(sources)
    return names(
        catalogue,
        {*principals, *(group for source in listed for group in source.groups)},
        {*resources, *(source.resource for source in listed)},
        {*organizations, *(source.organization for source in listed if source.organization is not None)},
    )


def permission_set(blueprint: Blueprint, mask: int) -> PermissionSet:
    """Return the names of a mask."""
    return PermissionSet(blueprint.names(mask), blueprint.minimal(mask))


def resource_view(row: Resource) -> ResourceView:
    """Return a resource's row as a value."""
    return _resource(row.pk, row.type, row.key, row.name, row.parent_id)


def principal_views(principals: Collection[PrincipalId]) -> Mapping[PrincipalId, PrincipalView]:
    """Look principals up by number, those that are there: one query, none for nobody."""
    rows = naming.principals(set(principals)) if principals else []
    return {PrincipalId(n.id): PrincipalView(PrincipalId(n.id), PrincipalKind(n.kind), n.name, n.address) for n in rows}


def resource_views(resources: Collection[ResourceId]) -> Mapping[ResourceId, ResourceView]:
    """Look resources up by number, those that are there: one query, none for nothing."""
    rows = naming.resources(set(resources)) if resources else []
    return {ResourceId(row[0]): _resource(*row) for row in rows}


def _organizations(numbers: Collection[OrganizationId]) -> list[tuple[int, str, str]]:
    return naming.organizations(set(numbers)) if numbers else []


def _resource(number: int, type_: str, key: str, name: str, parent: int | None) -> ResourceView:
    return ResourceView(ResourceId(number), ResourceRef(type_, key), name, None if parent is None else ResourceId(parent))
