"""Admittance: whom an organization takes. The one function that every door asks (R043, R086, R087, R-EML-6; semantics 5 and 7)."""

from collections.abc import Collection
from dataclasses import dataclass

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.policies import violation
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.state import IdentitySource
from keyholder.services.policies import policy_of
from keyholder.storage import acquaintance
from keyholder.storage.models import Identity, Organization, User

NOT_ADMITTED = _("{address} can't be added to {organization}: {why}")
DIRECTORY = _("{address} is not in the directory of {organization}: only people who are known there can be added.")


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who would be added, by their address."""

    email: str
    """As it is shown."""
    canonical: str
    verified: bool = True
    """Of an address that nobody has yet: it will be proven, or judged again where it is not."""
    is_known: bool = True
    """Of the organization already, or vouched for by its directory or a sign-in provider."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an organization says of somebody: why they are outside, and whether it refuses to add them."""

    why: Sentence | None = None
    refusal: Conflict | None = None

    @property
    def refuses(self) -> bool:
        """Say whether they can't be added."""
        return self.refusal is not None


def judge(home: Organization | None, who: Applicant) -> Verdict:
    """Say whether an organization takes somebody: its policy first, then where its people come from. None takes everybody."""
    if home is None:
        return Verdict()
    policy, names = policy_of(home), {"address": who.email, "organization": home.name}
    why = violation(policy, who.canonical, verified=who.verified)
    if why is not None and policy.refuses:
        return Verdict(why, Conflict("policy", sentence(NOT_ADMITTED, why=why, **names)))
    if is_closed(home) and not who.is_known:
        unknown = sentence(DIRECTORY, **names)
        return Verdict(unknown, Conflict("directory", unknown))
    return Verdict(why)


def refusal(home: Organization, who: Applicant) -> Conflict | None:
    """Return why an organization does not take somebody, None where it does."""
    return judge(home, who).refusal


def is_closed(home: Organization) -> bool:
    """Say whether an organization takes only people who are known to it."""
    return bool(home.identity_source == IdentitySource.DIRECTORY.value)


def known_to(home: Organization, canonical: Collection[str]) -> set[str]:
    """Return those of the addresses that an organization knows: its people, and who is linked with a sign-in provider.

    One that takes people from anywhere asks nobody where they come from: all of them.
    """
    if not is_closed(home):
        return set(canonical)
    people = dict(User.objects.filter(canonical__in=list(canonical)).values_list("pk", "canonical"))
    inside = {*acquaintance.knows(home.tenant_id, [PrincipalId(pk) for pk in people]), *vouched_for(people)}
    return {address for pk, address in people.items() if pk in inside}


def vouched_for(people: Collection[int]) -> set[int]:
    """Return those of the people whom a sign-in provider has vouched for."""
    return set(Identity.objects.filter(user__in=list(people)).values_list("user", flat=True))
