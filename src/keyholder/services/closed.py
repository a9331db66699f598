"""Closed organizations: those that a caller's session does not open, because it was not begun through their provider."""

from collections.abc import Iterable

from keyholder.domain.identifiers import OrganizationId
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.services.caller import Caller, Closed

THROUGH = _("{organization} lets people in only through {provider}. Sign in there and come back; what you may do does not change.")
CODE = "through_provider"
"""Of the refusal that names the provider to go through."""


def require_open(by: Caller, *, tenant: int | None = None, organization: int | None = None) -> None:
    """Raise Forbidden, naming the provider, where the caller's session does not open an organization that is there for them."""
    for one in by.closed:
        if tenant == one.tenant or organization == one.organization:
            raise Forbidden(CODE, way_in(one))


def way_in(to: Closed) -> Sentence:
    """Say through what one gets into an organization."""
    return sentence(THROUGH, organization=to.name, provider=to.provider)


def open_ones(by: Caller, organizations: Iterable[OrganizationId]) -> list[OrganizationId]:
    """Return those of the organizations that the caller's session opens."""
    closed = closed_ones(by)
    return [organization for organization in organizations if organization not in closed]


def closed_ones(by: Caller) -> frozenset[OrganizationId]:
    """Return the organizations that the caller's session does not open: lists name nothing of theirs."""
    return frozenset(one.organization for one in by.closed)
