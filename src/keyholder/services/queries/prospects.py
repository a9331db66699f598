"""Prospects: what would become of addresses that somebody types to put people into a group or to give them a role (R071, semantics 4)."""

from collections.abc import Callable, Collection, Mapping, Sequence

from keyholder.domain.addresses import Address
from keyholder.domain.identifiers import OrganizationId, PrincipalId, PrincipalKind
from keyholder.domain.refusals import Invalid
from keyholder.services.admittance import Applicant, judge, known_to
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.organization_rows import administered
from keyholder.services.queries.acquaintances import Prospect, Recognised
from keyholder.services.queries.groups import group_seen
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import PrincipalView
from keyholder.storage import acquaintance, locks
from keyholder.storage.models import GroupOwner, Membership, Organization, OrganizationMember, User

Among = Callable[[Collection[PrincipalId]], Collection[int]]


def of_members(*, by: Caller, group: PrincipalId, typed: Sequence[str]) -> tuple[Recognised, ...]:
    """Say what would become of each address if it were put into a group for good; ``HERE`` is who is in it so already.

    For who manages the group's members. Raises NotFound outside the organization (R081), Forbidden for everybody else in it.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = group_seen(authority, group)
        authority.require_owner(row)
        standing = Membership.objects.filter(group=row, starts_at=None, ends_at=None)
        return _recognised(
            authority, row.organization, typed, lambda people: standing.filter(member__in=people).values_list("member", flat=True)
        )


def of_owners(*, by: Caller, group: PrincipalId, typed: Sequence[str]) -> tuple[Recognised, ...]:
    """Say what would become of each address if it owned a group; ``HERE`` is who owns it already. Raises as :func:`of_members` does."""
    authority = authority_of(by)
    with locks.snapshot():
        row = group_seen(authority, group)
        authority.require_owner(row)
        owners = GroupOwner.objects.filter(group=row)
        return _recognised(authority, row.organization, typed, lambda people: owners.filter(user__in=people).values_list("user", flat=True))


def of_leaders(*, by: Caller, organization: OrganizationId, typed: Sequence[str]) -> tuple[Recognised, ...]:
    """Say what would become of each address if it had a role in an organization; ``HERE`` is who has one.

    For its admins. Raises NotFound outside the organization, Forbidden for everybody else in it.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = administered(authority, organization)
        roles = OrganizationMember.objects.filter(organization=row)
        return _recognised(authority, row, typed, lambda people: roles.filter(user__in=people).values_list("user", flat=True))


def _recognised(authority: Authority, home: Organization, typed: Sequence[str], here: Among) -> tuple[Recognised, ...]:
    """Judge each address, in order; as many queries for one as for a hundred."""
    read = [(text, _read(text)) for text in typed]
    rows = User.objects.filter(canonical__in=[address.canonical for _text, address in read if isinstance(address, Address)])
    people = {row.canonical: row for row in rows}
    numbers = [PrincipalId(row.pk) for row in people.values()]
    familiar = set(numbers) if authority.is_operator() else acquaintance.knows(home.tenant_id, numbers)
    known = {canonical: row for canonical, row in people.items() if row.pk in familiar or row.pk == authority.by.principal}
    inside, admitted = set(here(numbers)), known_to(home, list(people))
    return tuple(_judged(text, address, known, inside, admitted, home) for text, address in read)


def _judged(
    typed: str,
    address: Address | Invalid,
    known: Mapping[str, User],
    inside: Collection[int],
    admitted: Collection[str],
    home: Organization,
) -> Recognised:
    if isinstance(address, Invalid):
        return Recognised(typed, Prospect.WRONG, why=address.sentence)
    row = known.get(address.canonical)
    is_verified, is_known = row is None or row.email_verified, address.canonical in admitted
    verdict = judge(home, Applicant(address.shown, address.canonical, is_verified, is_known))
    if row is None:
        return Recognised(typed, Prospect.REFUSED if verdict.refuses else Prospect.STRANGER, address.canonical, None, verdict.why)
    view = PrincipalView(PrincipalId(row.pk), PrincipalKind.USER, row.name, row.email)
    prospect = Prospect.HERE if row.pk in inside else Prospect.REFUSED if verdict.refuses else Prospect.KNOWN
    return Recognised(typed, prospect, address.canonical, view, verdict.why)


def _read(text: str) -> Address | Invalid:
    try:
        return Address.of(text)
    except Invalid as refusal:
        return refusal
