"""User policies: whom an organization takes, as a pure rule on canonical addresses (semantics 5; R085 to R088, R-EML-6)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from keyholder.domain.addresses import canon, canonical_domain, domain_of
from keyholder.domain.characters import escaped
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _

BLOCKED = _("The policy blocks the address {address}.")
NOT_ALLOWED = _("The policy allows neither the address {address} nor the domain {domain}.")
NOT_VERIFIED = _("The policy takes verified addresses only, and {address} is not verified.")

_NO_LIST = _("This is a list of texts.")
_BAD_DOMAIN = _('"{domain}" is not a domain: write example.org, or *.example.org for its subdomains.')
_SUBDOMAINS = "*."
_BELOW = "x."
"""Any label below a domain."""


class PolicyMode(StrEnum):
    """What a violation of the policy leads to."""

    ANYBODY = "anybody"
    """Nobody is outside: the default."""
    ADVISORY = "advisory"
    """Violators are taken and marked."""
    ENFORCED = "enforced"
    """Every path that adds somebody refuses violators; those who are there already stay and are marked."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom an organization takes: canonical, without repeats and in order, so that equal policies are equal values.

    A domain allows itself by whole labels; ``*.example.org`` allows the subdomains of example.org and not itself. A blocked address is
    outside whatever allows it; with blocks alone, everybody else is inside. Raises Invalid, with the name of the field as its place.
    """

    mode: PolicyMode = PolicyMode.ANYBODY
    allowed_domains: tuple[str, ...] = ()
    allowed_addresses: tuple[str, ...] = ()
    blocked_addresses: tuple[str, ...] = ()
    verified_only: bool = False

    def __post_init__(self) -> None:
        """Bring the lists into their canonical form."""
        _bring(self, "allowed_domains", _domain)
        _bring(self, "allowed_addresses", canon)
        _bring(self, "blocked_addresses", canon)

    @property
    def refuses(self) -> bool:
        """Say whether a violator may not be added."""
        return self.mode is PolicyMode.ENFORCED


def violation(policy: Policy, canonical: str, *, verified: bool = True) -> Sentence | None:
    """Return why a person is outside a policy, or None for who is inside.

    The same in both modes: *advisory* marks who is outside, *enforced* also refuses to add them (``policy.refuses``). ``canonical`` is the
    person's canonical address, ``verified`` whether it has been proven. A policy that takes anybody has no violators (R085, R086, R087).
    """
    if policy.mode is PolicyMode.ANYBODY:
        return None
    if canonical in policy.blocked_addresses:
        return sentence(BLOCKED, address=canonical)
    if not _allowed(policy, canonical):
        return sentence(NOT_ALLOWED, address=canonical, domain=domain_of(canonical))
    if policy.verified_only and not verified:
        return sentence(NOT_VERIFIED, address=canonical)
    return None


def _allowed(policy: Policy, canonical: str) -> bool:
    if not policy.allowed_domains and not policy.allowed_addresses:
        return True
    return canonical in policy.allowed_addresses or any(_covers(pattern, domain_of(canonical)) for pattern in policy.allowed_domains)


def _covers(pattern: str, domain: str) -> bool:
    return domain.endswith(pattern[1:]) if pattern.startswith(_SUBDOMAINS) else domain == pattern


def _domain(text: str) -> str:
    """Return an allowed domain in its canonical form, ``*.`` kept in front: what is below a domain is below no alias of it."""
    typed = text.strip(" ")
    subdomains = typed.startswith(_SUBDOMAINS)
    try:
        return _SUBDOMAINS + canonical_domain(f"{_BELOW}{typed[2:]}").removeprefix(_BELOW) if subdomains else canonical_domain(typed)
    except Invalid as refusal:
        raise Invalid(refusal.code, sentence(_BAD_DOMAIN, domain=escaped(typed))) from refusal


def _bring(policy: Policy, field: str, read: Callable[[str], str]) -> None:
    given: Iterable[str] = getattr(policy, field)
    if isinstance(given, str) or not all(isinstance(item, str) for item in given):
        raise Invalid(field, sentence(_NO_LIST), place=field)
    try:
        brought = tuple(sorted({read(item) for item in given}))
    except Invalid as refusal:
        raise Invalid(refusal.code, refusal.sentence, place=field) from refusal
    object.__setattr__(policy, field, brought)
