"""What requests for access are judged by: whose they are, who is known, what they hold. As many queries for one as for many (R111)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from keyholder.domain.blueprint import NOTHING, Mask
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.engine.moment import Moment
from keyholder.services.admittance import Applicant, Verdict, judge, known_to
from keyholder.services.authority import Authority
from keyholder.services.jurisdictions import acquainted
from keyholder.storage import lineages, requests, slices
from keyholder.storage.models import AccessRequest, Organization, Resource, User


@dataclass(frozen=True)
class Evidence:
    """What is known of the askers of some requests; people and requests by the number of the request."""

    people: Mapping[int, User]
    """Who was signed in, or whoever has the address."""
    known: Collection[int]
    """Requests by people who are known where they ask."""
    own: Collection[int]
    """Those of the reader."""
    homes: Mapping[int, Organization | None]
    """The organization of each resource."""
    inside: Mapping[int, Collection[str]]
    """The addresses that each organization knows."""
    moment: Moment

    def shown(self, row: AccessRequest) -> User | None:
        """Return the person who is shown: one who was signed in, or is known; of everybody else only the address."""
        return self.people.get(row.pk) if row.person_id is not None or row.pk in self.known else None

    def held(self, person: User | None, at: int) -> Mask:
        """Return what somebody holds at a resource now."""
        return NOTHING if person is None else self.moment.effective(PrincipalId(person.pk), ResourceId(at))

    def verdict(self, row: AccessRequest, *, verified: bool) -> Verdict:
        """Say whether the organization takes who asks; it is told in the same way whether or not they have a person here."""
        home = self.homes[row.resource_id]
        is_known = home is None or row.canonical in self.inside[home.pk]
        return judge(home, Applicant(row.shown, row.canonical, verified, is_known))


def gather(authority: Authority, rows: Sequence[AccessRequest]) -> Evidence:
    """Find what some requests are judged by; per resource that is asked for, and not per request."""
    me, people = authority.by.principal, _people(rows)
    places, homes = {row.resource_id: row.resource for row in rows}, _homes(rows)
    slice_ = slices.of([PrincipalId(user.pk) for user in people.values()], [ResourceId(place) for place in places])
    return Evidence(
        people,
        {pk for place in places.values() for pk in _known_at(authority, place, rows, people)},
        set(requests.of_people([me]).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)) if me is not None else set(),
        homes,
        {home.pk: known_to(home, [row.canonical for row in rows]) for home in {h.pk: h for h in homes.values() if h is not None}.values()},
        Moment(slice_, authority.catalogue, authority.by.at),
    )


def _people(rows: Sequence[AccessRequest]) -> Mapping[int, User]:
    named = User.objects.in_bulk([row.person_id for row in rows if row.person_id is not None])
    by_address = {user.canonical: user for user in User.objects.filter(canonical__in=[row.canonical for row in rows])}
    found = {row.pk: named.get(row.person_id) or by_address.get(row.canonical) for row in rows}
    return {pk: user for pk, user in found.items() if user is not None}


def _known_at(authority: Authority, place: Resource, rows: Sequence[AccessRequest], people: Mapping[int, User]) -> set[int]:
    asked = {row.pk: PrincipalId(people[row.pk].pk) for row in rows if row.resource_id == place.pk and row.pk in people}
    known = set(asked.values()) if authority.by.is_instance else acquainted(authority, place, list(asked.values()))
    return {pk for pk, person in asked.items() if person in known}


def _homes(rows: Sequence[AccessRequest]) -> Mapping[int, Organization | None]:
    above = {row.resource_id: lineages.numbers(row.resource.path) for row in rows}
    nodes = Resource.objects.select_related("organization").in_bulk({number for path in above.values() for number in path})
    return {place: next((nodes[n].organization for n in path if nodes[n].organization is not None), None) for place, path in above.items()}
