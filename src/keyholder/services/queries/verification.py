"""Verification: whether what must hold in every state does, invariant by invariant (security, invariants)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice

from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.services.verifying import authorization, database, graph, identity, invitations, log, managers, outbox
from keyholder.services.verifying.findings import Finding, Instance
from keyholder.storage import locks

__all__ = ["INVARIANTS", "Finding", "verify"]

UNKNOWN = _("There is no invariant {invariant} to verify; there are: {known}.")
MOST = 100
"""Findings of one check: whoever has more has seen enough."""
SAMPLE = 50
"""Bindings whose answers are worked out a second time."""

Check = Callable[[Instance], Iterable[Finding]]
CHECKS: Sequence[tuple[frozenset[str], Check]] = (
    (frozenset({"I-DB-1"}), database.faults),
    (frozenset({"I-AU-1"}), log.chains),
    (frozenset({"I-AU-2", "I-GR-5"}), log.replayed),
    (frozenset({"I-AU-3"}), log.secrets),
    (frozenset({"I-CO-1"}), log.revisions),
    (frozenset({"I-GR-1"}), graph.groups),
    (frozenset({"I-GR-2"}), graph.trees),
    (frozenset({"I-GR-3"}), graph.tenants),
    (frozenset({"I-GR-4", "I-GR-5"}), graph.references),
    (frozenset({"I-AZ-1", "I-AZ-2", "I-AZ-3", "I-AZ-7"}), authorization.answers),
    (frozenset({"I-AZ-4"}), authorization.sleepers),
    (frozenset({"I-AZ-7"}), authorization.sets),
    (frozenset({"I-MG-1", "I-MG-3"}), managers.accounts),
    (frozenset({"I-MG-1"}), managers.organizations),
    (frozenset({"I-MG-2"}), managers.operators),
    (frozenset({"I-ID-1"}), identity.addresses),
    (frozenset({"I-OB-1"}), outbox.letters),
    (frozenset({"I-ID-3"}), identity.proofs),
    (frozenset({"I-INV-1"}), invitations.single_use),
    (frozenset({"I-INV-2"}), invitations.terms),
    (frozenset({"I-INV-3"}), invitations.addresses),
    (frozenset({"I-INV-4"}), invitations.conferred),
    (frozenset({"I-INV-5"}), invitations.places),
    (frozenset({"I-INV-6"}), invitations.pending),
)
"""Which invariants each check looks at."""
INVARIANTS: tuple[str, ...] = tuple(sorted({name for ids, _check in CHECKS for name in ids}))
"""The ids that can be verified, in order."""


def verify(*, by: Caller, only: Collection[str] = (), sample: int = SAMPLE) -> tuple[Finding, ...]:
    """Return what does not hold, as of one moment; nothing where all is well. At most 100 findings of a kind.

    ``only`` names the invariants to look at, all where it is empty; ``sample`` is the number of bindings whose answers are compared with a
    plain recomputation. Changes nothing. Raises Forbidden for anybody but an operator, Invalid for an invariant that is none of
    :data:`INVARIANTS`.
    """
    authority = authority_of(by)
    authority.require_operator()
    for name in only:
        if name not in INVARIANTS:
            raise Invalid("invariant", sentence(UNKNOWN, invariant=name, known=", ".join(INVARIANTS)), place="only")
    asked = frozenset(only or INVARIANTS)
    instance = Instance(authority.catalogue, by.at, sample)
    with locks.snapshot():
        found = [finding for ids, check in CHECKS if ids & asked for finding in islice(check(instance), MOST)]
    return tuple(finding for finding in found if finding.invariant in asked)
