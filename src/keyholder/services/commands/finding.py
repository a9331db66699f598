"""Finding the rows that a command is about; what the caller may not see is not found (semantics 3)."""

from collections.abc import Collection

from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.domain.refusals import Conflict, Refusal
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import Window
from keyholder.services.acting import Act
from keyholder.services.authority import not_there
from keyholder.services.jurisdictions import acquainted
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


def strangers(act: Act, principals: Collection[PrincipalId], on: Resource) -> list[tuple[PrincipalId, Refusal]]:
    """Return those of the principals whom the caller can't add at a resource at once, each with the refusal (semantics 4, *Known*).

    To an operator everybody is known who exists. To a manager: who has access, a membership or a role in the same tenant, its groups, any
    service account, and oneself; nobody of a host's other clients. Everybody else is refused in the same words, whether or not they have
    a person here.
    """
    rows = {row.pk: row for row in Principal.objects.filter(pk__in=principals, deleted_at__isnull=True)}
    if act.authority.is_operator():
        return [(principal, not_there()) for principal in principals if principal not in rows]
    machines = {pk for pk, row in rows.items() if row.kind == PrincipalKind.SERVICE_ACCOUNT.value}
    known = acquainted(act.authority, on, principals) | machines | {act.by.principal} | act.introduced
    return [(p, Conflict("not_known", sentence(NOT_KNOWN))) for p in principals if p not in rows or p not in known]


def binding_of(principal: PrincipalId, resource: ResourceId, window: Window) -> Binding | None:
    """Return the binding of a principal at a resource in that very window, if there is one."""
    return Binding.objects.filter(principal=principal, resource=resource, starts_at=window.starts_at, ends_at=window.ends_at).first()
