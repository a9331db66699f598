"""Organizations as a caller finds them: who does not belong to one does not see it, who has no role in it can't change it (R081)."""

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.authority import NOT_ADMIN, Authority, not_there
from keyholder.services.closed import require_open
from keyholder.storage import acquaintance, visibility
from keyholder.storage.models import Organization, OrganizationSuspension

NO_ROLE = _("Only an admin or a user admin of {organization} can do this.")


def visible(authority: Authority, organization: OrganizationId) -> Organization:
    """Return an organization that the caller belongs to; raises NotFound."""
    row, by = Organization.objects.filter(pk=organization).first(), authority.by
    is_inside = by.principal is None or organization in visibility.organizations_for(by.principal, by.at)
    if row is None or not is_inside:
        raise not_there()
    require_open(by, organization=row.pk)
    return row


def administered(authority: Authority, organization: OrganizationId) -> Organization:
    """Return an organization that the caller is an admin of; raises NotFound before Forbidden."""
    row = visible(authority, organization)
    if not authority.is_admin(organization):
        raise Forbidden("not_admin", sentence(NOT_ADMIN, organization=row.name))
    return row


def managed(authority: Authority, organization: OrganizationId) -> Organization:
    """Return an organization that the caller is an admin or a user admin of; raises NotFound before Forbidden."""
    row = visible(authority, organization)
    if not authority.manages_groups_of(organization):
        raise Forbidden("no_role", sentence(NO_ROLE, organization=row.name))
    return row


def require_of(organization: Organization, user: PrincipalId) -> None:
    """Raise NotFound unless a person is one of an organization's people: known in it, or suspended within it."""
    if acquaintance.knows(organization.tenant_id, [user]):
        return
    if not OrganizationSuspension.objects.filter(organization=organization, user=user).exists():
        raise not_there()
