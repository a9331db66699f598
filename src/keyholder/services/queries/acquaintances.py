"""Acquaintances: whom somebody who adds people knows there, and what would become of typed addresses (R041 to R043, R087)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from keyholder.domain.addresses import Address
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import Sentence
from keyholder.engine.moment import Moment
from keyholder.services.admittance import Applicant, Verdict, judge, known_to
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.jurisdictions import acquainted, jurisdiction_of
from keyholder.services.naming import principal_views
from keyholder.services.queries.seeing import authority_of, resource_managed
from keyholder.services.read_models import PrincipalView
from keyholder.storage import finds, jurisdictions, lineages, locks, slices
from keyholder.storage.models import Invitation, Organization, Resource, User

MOST = 10
"""Suggestions at once."""


class Prospect(StrEnum):
    """What would become of an address that is added."""

    WRONG = "wrong"
    """It is no address; the reason is in ``why``."""
    HERE = "here"
    """Has access already: what is added is united with it (R046)."""
    KNOWN = "known"
    """Is added at once."""
    STRANGER = "stranger"
    """Is not known here: has to be invited. Says nothing about whether there is such a person."""
    INVITED = "invited"
    """Has a pending invitation to the account: what is added is added to that."""
    REFUSED = "refused"
    """The organization does not take it, by its enforced policy (R087) or its directory (R043); the reason is in ``why``."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """One typed address. ``principal`` only of whom the reader may know; ``why`` also marks who is outside an advisory policy."""

    typed: str
    prospect: Prospect
    canonical: str = ""
    principal: PrincipalView | None = None
    why: Sentence | None = None


def known(*, by: Caller, at: ResourceId, text: str) -> tuple[PrincipalView, ...]:
    """Return people and groups of a resource's tenant that the caller may see, by part of a name or address: suggestions for adding them.

    Raises NotFound, and Forbidden without the granting permission there.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_managed(authority, at)
        if not text.strip():
            return ()
        jurisdiction = jurisdiction_of(authority)
        ground = None if jurisdiction.everything else jurisdictions.within(jurisdiction.ground, row.tenant_id)
        people = finds.people(text, ground, by.principal, MOST, by.at)
        groups = finds.groups(text, finds.organizations_in(row.tenant_id), MOST)
        views = principal_views([*people, *groups])
    return tuple(views[principal] for principal in (*people, *groups))


def recognise(*, by: Caller, at: ResourceId, typed: Sequence[str]) -> tuple[Recognised, ...]:
    """Say what would become of each address that somebody typed, in order; as many queries for one as for a hundred.

    Raises NotFound, and Forbidden without the granting permission at the resource.
    """
    authority = authority_of(by)
    read = [_read(text) for text in typed]
    with locks.snapshot():
        row = resource_managed(authority, at)
        lineage = lineages.of(row)
        rows = User.objects.filter(canonical__in=[address.canonical for address in read if isinstance(address, Address)])
        people = {user.canonical: user for user in rows}
        numbers = [PrincipalId(user.pk) for user in people.values()]
        everybody_is = authority.is_operator()
        familiar = set(numbers) if everybody_is else acquainted(authority, row, numbers) | {by.principal}
        moment = Moment(slices.of(numbers, [at]).without_shadows(), authority.catalogue, by.at)
        here = {number for number in numbers if moment.effective(number, at)}
        pending = _pending(authority, lineage, read)
    organization = next((node.organization for node in lineage if node.organization is not None), None)
    canonical = [address.canonical for address in read if isinstance(address, Address)]
    admitted = known_to(organization, canonical) if organization is not None else set()
    judge = _Judge(people, familiar, here, pending, admitted, organization)
    return tuple(map(judge.recognised, typed, read))


def _pending(authority: Authority, lineage: Sequence[Resource], read: Sequence[Address | Invalid]) -> set[str]:
    """Return the canonical addresses that have a pending invitation to the account of a resource."""
    account = next((node for node in lineage if authority.catalogue.types[node.type].account_level), lineage[0])
    canonical = [address.canonical for address in read if isinstance(address, Address)]
    return set(Invitation.objects.filter(account=account, state="pending", canonical__in=canonical).values_list("canonical", flat=True))


def _read(text: str) -> Address | Invalid:
    try:
        return Address.of(text)
    except Invalid as refusal:
        return refusal


@dataclass(frozen=True, slots=True)
class _Judge:
    people: Mapping[str, User]
    familiar: Collection[PrincipalId | None]
    here: Collection[PrincipalId]
    pending: Collection[str]
    admitted: Collection[str]
    """The canonical addresses that the organization knows."""
    organization: Organization | None

    def recognised(self, typed: str, address: Address | Invalid) -> Recognised:
        if isinstance(address, Invalid):
            return Recognised(typed, Prospect.WRONG, why=address.sentence)
        user = self.people.get(address.canonical)
        is_admitted = address.canonical in self.admitted
        if user is None or user.pk not in self.familiar:
            verdict = judge(self.organization, Applicant(address.shown, address.canonical, is_known=is_admitted))
            return self._stranger(typed, address, verdict)
        view = PrincipalView(PrincipalId(user.pk), PrincipalKind.USER, user.name, user.email)
        verdict = judge(self.organization, Applicant(address.shown, address.canonical, user.email_verified, is_admitted))
        if user.pk in self.here:
            return Recognised(typed, Prospect.HERE, address.canonical, view, verdict.why)
        return Recognised(typed, Prospect.REFUSED if verdict.refuses else Prospect.KNOWN, address.canonical, view, verdict.why)

    def _stranger(self, typed: str, address: Address, verdict: Verdict) -> Recognised:
        """Judge an address that nobody has who is known here, in the same way whether or not there is such a person."""
        if verdict.refuses:
            return Recognised(typed, Prospect.REFUSED, address.canonical, None, verdict.why)
        prospect = Prospect.INVITED if address.canonical in self.pending else Prospect.STRANGER
        return Recognised(typed, prospect, address.canonical, None, verdict.why)
