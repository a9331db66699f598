"""Before a person is deleted: what goes with them, and which rules are against it (semantics 2)."""

from dataclasses import dataclass

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.domain.refusals import Refusal
from keyholder.domain.requests import RequestState
from keyholder.services import naming, person_deletions
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import OrganizationView, PrincipalView, ResourceView
from keyholder.storage import locks, traces
from keyholder.storage.models import User


@dataclass(frozen=True, slots=True)
class Deleting:
    """What goes with a person; ``refusals`` say why they can't be deleted as things are."""

    principal: PrincipalView
    accounts: tuple[ResourceView, ...]
    """Where they have something of their own, there or below."""
    groups: tuple[PrincipalView, ...]
    """That they are in directly."""
    owned: tuple[PrincipalView, ...]
    organizations: tuple[OrganizationView, ...]
    """Where they have a role."""
    requests: int
    """Of theirs, which are open."""
    invited: int
    """Pending invitations to their address."""
    sent: int
    """Pending invitations of which they give something."""
    assets: int
    """Personal ones."""
    refusals: tuple[Refusal, ...]


def preview(*, by: Caller, user: PrincipalId) -> Deleting:
    """Say what :func:`keyholder.services.commands.person_deletion.delete` takes. Raises Forbidden for who is no operator, NotFound."""
    authority = authority_of(by)
    with locks.snapshot():
        authority.require_operator()
        row = User.objects.filter(pk=user).first()
        if row is None:
            raise not_there()
        accounts = dict.fromkeys(account for account, _binding in traces.bindings(user, authority.catalogue))
        groups = list(dict.fromkeys(PrincipalId(edge.group_id) for edge in traces.memberships(user)))
        owned = [PrincipalId(each.group_id) for each in traces.ownerships(user)]
        homes = [OrganizationId(role.organization_id) for role in traces.roles(user)]
        names = naming.names(authority.catalogue, [user, *groups, *owned], [], homes)
        return Deleting(
            names.principal(user),
            tuple(map(naming.resource_view, accounts)),
            tuple(map(names.principal, groups)),
            tuple(map(names.principal, owned)),
            tuple(names.organizations[home] for home in homes),
            traces.requests(user).filter(state=RequestState.OPEN.value).count(),
            traces.invited(user).count(),
            traces.sent(user).count(),
            traces.assets(user).count(),
            tuple(person_deletions.refusals(authority, row)),
        )
