"""Invariants: the rules about the state that results, judged once at the end of every command whatever its door.

Each rule below looks at what the command wrote and reads the final state; it returns the reasons against it.
"""

from collections.abc import Callable, Iterable, Sequence

from keyholder.domain.refusals import Refusal, Refusals, RefusedRow
from keyholder.services.act import Act
from keyholder.services.rules import admittance, assignments, conferring, foreign_groups, hierarchy, holders, leaders, managers

Rule = Callable[[Act], Iterable[Refusal]]

RULES: Sequence[Rule] = (
    conferring.refusals,
    admittance.refusals,
    hierarchy.refusals,
    foreign_groups.refusals,
    assignments.refusals,
    holders.refusals,
    managers.refusals,
    leaders.refusals,
)


def settle(act: Act) -> None:
    """Raise the refusals of all rules about the final state; mark and unmark accounts that await a manager."""
    against = [refusal for rule in RULES for refusal in rule(act)]
    if len(against) == 1:
        raise against[0]
    if against:
        raise Refusals([RefusedRow(str(refusal.sentence), refusal) for refusal in against])
