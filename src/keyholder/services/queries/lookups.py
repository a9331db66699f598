"""Look-ups: the numbers of what an operator names on the command line."""

from keyholder.domain.addresses import canon
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import NotFound
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.storage.models import Group, Organization, Principal, Resource, User

NOBODY = _("Nobody here has the address {address}.")
NOTHING = _("There is no {resource}.")
NO_ORGANIZATION = _("There is no organization {organization}.")
NO_GROUP = _("There is no group {group}.")
NO_ORGANIZATION = _("There is no organization {organization}.")


def user(*, by: Caller, email: str) -> PrincipalId:
    """Return the person with an address, in any writing of it. Raises Invalid, NotFound, and Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    found = User.objects.filter(canonical=canon(email)).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("not_found", sentence(NOBODY, address=email))
    return PrincipalId(found)


def resource(*, by: Caller, ref: ResourceRef) -> ResourceId:
    """Return the resource with a type and a key. Raises NotFound, and Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    found = Resource.objects.filter(type=ref.type, key=ref.key).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("not_found", sentence(NOTHING, resource=ref))
    return ResourceId(found)


def group(*, by: Caller, organization: str, key: str) -> PrincipalId:
    """Return the group with a key in an organization. Raises NotFound, and Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    found = Group.objects.filter(organization__key=organization, key=key).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("not_found", sentence(NO_GROUP, group=f"{organization}/{key}"))
    return PrincipalId(found)


def organization(*, by: Caller, key: str) -> OrganizationId:
    """Return the organization with a key. Raises NotFound, and Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    found = Organization.objects.filter(key=key).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("not_found", sentence(NO_ORGANIZATION, organization=key))
    return OrganizationId(found)


def is_empty(*, by: Caller) -> bool:
    """Say whether the instance holds nobody and nothing yet. Raises Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    return not (Principal.objects.exists() or Resource.objects.exists() or Organization.objects.exists())
