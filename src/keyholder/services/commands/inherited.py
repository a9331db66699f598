"""What comes from above or through a group can't be taken away here: the refusal names where it comes from (R012, R058)."""

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.refusals import Conflict, Refusal
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.engine.sources import Source, SourceKind, sources
from keyholder.services import labels
from keyholder.services.acting import Act
from keyholder.services.authority import not_there
from keyholder.storage import slices
from keyholder.storage.models import Organization, Resource

FROM_ABOVE = _('{subject} has "{permission}" at {resource} from {source}; take it away there.')
FROM_GROUP = _('{subject} has "{permission}" at {resource} through the group {source}; take it away there.')
FROM_ROLE = _('{subject} has "{permission}" at {resource} as an admin of the organization {source}; change that role there.')


def from_elsewhere(act: Act, principal: PrincipalId, resource: Resource, mask: int) -> Conflict | None:
    """Return why these permissions can't be taken away here: one is held from elsewhere and by no binding of the principal's own here."""
    facts = slices.of([principal], [ResourceId(resource.pk)])
    found = [s for s in sources(facts, act.catalogue, principal, ResourceId(resource.pk), act.at) if s.permissions & mask]
    left = mask
    for own in (s for s in found if _is_own(s, resource)):
        left &= ~own.permissions
    other = next((s for s in found if not _is_own(s, resource) and s.permissions & left), None)
    return None if other is None else _refusal(act, principal, resource, other, left)


def nothing_own(act: Act, principal: PrincipalId, resource: Resource) -> Refusal:
    """Return why nothing can be taken where nothing is the principal's own: Conflict names where access comes from, else NotFound."""
    return from_elsewhere(act, principal, resource, act.catalogue.of(resource.type).everything) or not_there()


def _is_own(source: Source, resource: Resource) -> bool:
    return source.kind is SourceKind.DIRECT and source.resource == resource.pk


def _refusal(act: Act, principal: PrincipalId, resource: Resource, source: Source, mask: int) -> Conflict:
    blueprint = act.catalogue.of(resource.type)
    names = {
        "subject": labels.principal(principal),
        "permission": blueprint.called(blueprint.names(source.permissions & mask)[0]),
        "resource": labels.resource(resource),
    }
    if source.organization is not None:
        organization = Organization.objects.get(pk=source.organization)
        return Conflict("inherited", sentence(FROM_ROLE, source=organization.name, **names))
    if source.kind is SourceKind.GROUP and source.resource == resource.pk:
        return Conflict("inherited", sentence(FROM_GROUP, source=labels.principal(source.groups[-1]), **names))
    return Conflict("inherited", sentence(FROM_ABOVE, source=Resource.objects.get(pk=source.resource).name, **names))
