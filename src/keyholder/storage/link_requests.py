"""Link requests in rows: what each side is called outside, and which requests are to be decided by whom."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from keyholder.domain.identifiers import OrganizationId, ResourceId, ResourceRef, TenantId
from keyholder.domain.linking import Side
from keyholder.domain.requests import RequestState
from keyholder.storage import tenancy
from keyholder.storage.models import LinkRequest, Organization, Resource


@dataclass(frozen=True, slots=True)
class Sides:
    """What a request is about: who asks, and what the other side's name stands for; None where it stands for nothing."""

    account: Resource | None
    organization: Organization | None


def sides(row: LinkRequest) -> Sides:
    """Look up both sides of a request."""
    if row.side == Side.ACCOUNT.value:
        return Sides(row.account, Organization.objects.filter(key=row.asked).first())
    kind, _colon, key = row.asked.partition(":")
    return Sides(Resource.objects.filter(type=kind, key=key, trashed_at__isnull=True).first(), row.organization)


def tenants_of(request: int) -> list[TenantId]:
    """Return the tenants of both sides, that of who asks first; none where there is no such request."""
    row = LinkRequest.objects.select_related("account", "organization").filter(pk=request).first()
    if row is None:
        return []
    found = sides(row)
    account = tenancy.of_resources([ResourceId(found.account.pk)]) if found.account is not None else []
    organization = tenancy.of_organizations([OrganizationId(found.organization.pk)]) if found.organization is not None else []
    ordered = (*account, *organization) if row.side == Side.ACCOUNT.value else (*organization, *account)
    return list(dict.fromkeys(ordered))


def open_of(*, organizations: Collection[int] = (), accounts: Collection[int] = ()) -> QuerySet[LinkRequest]:
    """Return the open requests that these sides have made, the oldest first."""
    return every_open().filter(Q(organization__in=organizations) | Q(account__in=accounts))


def open_for(keys: Collection[str], accounts: Collection[ResourceRef]) -> QuerySet[LinkRequest]:
    """Return the open requests to organizations of these keys, and to these accounts, the oldest first.

    What asks for an account that is linked by now has nothing to be decided.
    """
    to_organizations = Q(side=Side.ACCOUNT.value, asked__in=keys, account__organization__isnull=True)
    return every_open().filter(to_organizations | Q(side=Side.ORGANIZATION.value, asked__in=list(map(str, accounts))))


def every_open() -> QuerySet[LinkRequest]:
    """Return every open request, the oldest first."""
    return LinkRequest.objects.filter(state=RequestState.OPEN.value).select_related("account", "organization").order_by("asked_at", "pk")
