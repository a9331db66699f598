"""Finding the rows that a command is about; what the caller may not see is not found (semantics 3)."""

from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import Window
from keyholder.services.acting import Act
from keyholder.services.authority import not_there
from keyholder.storage import acquaintance
from keyholder.storage.models import Binding, Group, Principal, Resource, User

NOT_KNOWN = _("This person is not known here yet, so they can't be added at once: they have to be invited.")


def resource_row(act: Act, resource: ResourceId) -> Resource:
    """Return a resource that exists for the caller; raises NotFound."""
    row = Resource.objects.filter(pk=resource).first()
    if row is None:
        raise not_there()
    act.authority.see(row)
    return row


def user_row(user: PrincipalId) -> User:
    """Return a person; raises NotFound."""
    row = User.objects.filter(pk=user).first()
    if row is None:
        raise not_there()
    return row


def group_row(group: PrincipalId) -> Group:
    """Return a group with its organization; raises NotFound."""
    row = Group.objects.select_related("organization").filter(pk=group).first()
    if row is None:
        raise not_there()
    return row


def known_principal(act: Act, principal: PrincipalId, on: Resource) -> PrincipalId:
    """Return a principal that the caller may add at a resource at once (semantics 4, *Known*); raises NotFound or Conflict.

    To the instance everybody is known. To a manager: who has access, a membership or a role in the same tenant, its groups, and any
    service account. Everybody else is refused in the same words, whether or not they have a person here.
    """
    row = Principal.objects.filter(pk=principal, deleted_at__isnull=True).first()
    if row is None:
        raise not_there()
    if act.by.is_instance or row.kind == PrincipalKind.SERVICE_ACCOUNT.value or principal == act.by.principal:
        return principal
    if not acquaintance.knows(on.tenant_id, [principal]):
        raise Conflict("not_known", sentence(NOT_KNOWN))
    return principal


def binding_of(principal: PrincipalId, resource: ResourceId, window: Window) -> Binding | None:
    """Return the binding of a principal at a resource in that very window, if there is one."""
    return Binding.objects.filter(principal=principal, resource=resource, starts_at=window.starts_at, ends_at=window.ends_at).first()
