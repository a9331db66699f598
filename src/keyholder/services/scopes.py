"""Scopes: which tenants a command locks, named by what it touches. Read before the lock and again after it (semantics 9).

The first tenant of a scope is the one whose log tells the event.
"""

from collections.abc import Callable, Collection, Sequence

from keyholder.domain.identifiers import AssetId, OrganizationId, PrincipalId, ResourceId, TenantId
from keyholder.storage import link_requests, requests, tenancy, traces

Scope = Callable[[], Sequence[TenantId]]


def of_instance() -> Sequence[TenantId]:
    """Lock the instance's own tenant: people, service accounts, operators, settings."""
    return [tenancy.instance()]


def of_resources(*resources: ResourceId) -> Scope:
    """Lock the tenants that these resources belong to."""
    return lambda: tenancy.of_resources(resources)


def of_organizations(*organizations: OrganizationId) -> Scope:
    """Lock the tenants of these organizations."""
    return lambda: tenancy.of_organizations(organizations)


def of_groups(*groups: PrincipalId) -> Scope:
    """Lock the tenants of the organizations that these groups belong to."""
    return lambda: tenancy.of_groups(groups)


def of_invitation(invitation: int) -> Scope:
    """Lock the tenant of the account that an invitation is about."""
    return lambda: tenancy.of_invitation(invitation)


def of_asset(asset: AssetId) -> Scope:
    """Lock the tenant of the node that an asset lives in."""
    return lambda: tenancy.of_asset(asset)


def of_people(people: Collection[PrincipalId]) -> Scope:
    """Lock the instance, and every tenant where these people hold anything or have asked for it: for a change of their status."""
    return lambda: list(dict.fromkeys([tenancy.instance(), *tenancy.of_holdings(people), *requests.tenants_of_open(people)]))


def of_traces(person: PrincipalId) -> Scope:
    """Lock the instance, and every tenant in which anything refers to a person: for deleting them."""
    return lambda: list(dict.fromkeys([tenancy.instance(), *traces.tenants(person)]))


def of_place(resource: ResourceId) -> Scope:
    """Lock the tenant of a resource, or for what is none the instance's: the same work, whether or not it is there."""
    return lambda: requests.tenant_at(resource)


def of_request(request: int) -> Scope:
    """Lock the tenant of the resource that a request for access is about."""
    return lambda: requests.tenants_of(request)


def of_link_request(request: int) -> Scope:
    """Lock the tenants of both sides of a link that was asked for, that of who asked first."""
    return lambda: link_requests.tenants_of(request)


def of_everything() -> Sequence[TenantId]:
    """Lock every tenant, the instance's first: for a state file."""
    return tenancy.everything()


def both(*scopes: Scope) -> Scope:
    """Lock what several scopes name, in their order, each tenant once."""
    return lambda: list(dict.fromkeys(tenant for scope in scopes for tenant in scope()))
