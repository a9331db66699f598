"""What comes from above or through a group can't be taken away here: the refusal names where it comes from (R012, R058)."""

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.refusals import Conflict, NotFound
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


def refuse_taking(act: Act, principal: PrincipalId, resource: Resource, mask: int) -> None:
    """Raise Conflict where one of these permissions is held here from elsewhere and not by a binding of the principal's own here."""
    facts = slices.of([principal], [ResourceId(resource.pk)])
    found = [s for s in sources(facts, act.catalogue, principal, ResourceId(resource.pk), act.at) if s.permissions & mask]
    own = [s for s in found if _is_own(s, resource)]
    elsewhere = [s for s in found if not _is_own(s, resource)]
    left = mask
    for source in own:
        left &= ~source.permissions
    for source in elsewhere:
        if source.permissions & left:
            raise _refusal(act, principal, resource, source, left)


def refuse_removing(act: Act, principal: PrincipalId, resource: Resource) -> None:
    """Raise: nothing of the principal's own is here to be taken; Conflict names where access comes from, NotFound where there is none."""
    refuse_taking(act, principal, resource, act.catalogue.of(resource.type).everything)
    raise not_there()


def _is_own(source: Source, resource: Resource) -> bool:
    return source.kind is SourceKind.DIRECT and source.resource == resource.pk


def _refusal(act: Act, principal: PrincipalId, resource: Resource, source: Source, mask: int) -> Conflict | NotFound:
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
