"""Seeing: the rows that a query is about, for who may see them; for everybody else they are not there (semantics 3, R-TEN-1)."""

from collections.abc import Collection

from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.storage import blueprints
from keyholder.storage.models import Principal, Resource

UNKNOWN_TYPE = _('There is no resource type "{type}"; there are: {known}.')
UNKNOWN_PERMISSION = _('There is no permission "{permission}" at {type}; there are: {known}.')


def authority_of(caller: Caller) -> Authority:
    """Return what a reader may do, by the blueprints of this instance."""
    return Authority(caller, blueprints.catalogue())


def resource_seen(authority: Authority, resource: ResourceId) -> Resource:
    """Return a resource that exists for the reader; raises NotFound."""
    return authority.seen(Resource.objects.filter(pk=resource).first())


def resource_named(authority: Authority, ref: ResourceRef) -> Resource:
    """Return a resource by type and key that exists for the reader; raises NotFound."""
    return authority.seen(Resource.objects.filter(type=ref.type, key=ref.key).first())


def resource_managed(authority: Authority, resource: ResourceId) -> Resource:
    """Return a resource where the reader holds the granting permission; raises NotFound before Forbidden (R064)."""
    row = resource_seen(authority, resource)
    authority.require_granting(row)
    return row


def resource_with_users(authority: Authority, resource: ResourceId) -> Resource:
    """Return a resource whose users the reader may see: who manages them, and whom the blueprint lets see them besides (R098)."""
    row = resource_seen(authority, resource)
    authority.require_action("user.view", row)
    return row


def require_known(authority: Authority, principals: Collection[PrincipalId], known: Collection[PrincipalId]) -> None:
    """Raise NotFound unless all of these are there for the caller: ``known`` to them (semantics 4), a service account, oneself.

    To an operator everybody is known who exists.
    """
    rows = dict(Principal.objects.filter(pk__in=principals, deleted_at__isnull=True).values_list("pk", "kind"))
    if authority.is_operator():
        there = set(rows)
    else:
        machines = {pk for pk, kind in rows.items() if kind == PrincipalKind.SERVICE_ACCOUNT.value}
        there = {*known, *machines} | ({authority.by.principal} if authority.by.principal else set())
    if not set(principals) <= there & set(rows):
        raise not_there()


def known_permission(authority: Authority, type_name: str, permission: str) -> None:
    """Raise Invalid, code ``permission``, where the platform of a type has no such permission; an empty name is none asked for."""
    known = authority.catalogue.of(type_name).permissions
    if permission and permission not in known:
        words = sentence(UNKNOWN_PERMISSION, permission=permission, type=type_name, known=", ".join(known))
        raise Invalid("permission", words, place="permission")


def known_type(authority: Authority, type_name: str) -> None:
    """Raise Invalid, code ``type``, where no platform has such a type."""
    known = authority.catalogue.types
    if type_name not in known:
        raise Invalid("type", sentence(UNKNOWN_TYPE, type=type_name, known=", ".join(known)), place="resource")
