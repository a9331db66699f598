"""The rows of a plan in words: what is added, changed and removed, one line each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keyholder.domain.moments import write_moment
from keyholder.domain.state_changes import Plan
from keyholder.domain.windows import Window


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of a plan."""

    kind: str
    change: str
    words: str

    @property
    def sign(self) -> str:
        """What stands before the line."""
        return SIGNS[self.change]


SIGNS: Mapping[str, str] = {"added": "+", "changed": "~", "removed": "-"}

WORDS: Mapping[str, Callable[[Any], str]] = {
    "users": lambda row: f"{row.canonical} ({row.name}, {row.status})",
    "service_accounts": lambda row: str(row.name),
    "organizations": lambda row: f"{row.key} ({row.name})",
    "roles": lambda row: f"{row.user} {row.role} of {row.organization}",
    "suspensions": lambda row: f"{row.user} within {row.organization}",
    "groups": lambda row: f"{row.ref} ({row.group.name})",
    "owners": lambda row: f"{row.user} of {row.group}",
    "memberships": lambda row: f"{row.member} in {row.group}{written(row.window)}",
    "resources": lambda row: f"{row.ref} ({row.name})",
    "assets": lambda row: f"{row.kind} {row.name} at {row.resource}" + (f" of {row.owner}" if row.owner else ""),
    "applied_assets": lambda row: f"{row.asset.kind} {row.name} at {row.resource}",
    "access": lambda row: f"{row.principal} at {row.resource}: {row.role or ', '.join(row.permissions)}{written(row.window)}",
}


def described(plan: Plan) -> Iterator[PlanRow]:
    """Go through everything that a plan does; of what is changed, what it will be."""
    for kind, changes in plan.by_kind():
        yield from (PlanRow(kind, "added", WORDS[kind](row)) for row in changes.added)
        yield from (PlanRow(kind, "changed", WORDS[kind](row)) for _old, row in changes.changed)
        yield from (PlanRow(kind, "removed", WORDS[kind](row)) for row in changes.removed)


def written(window: Window) -> str:
    """Return from when until when, nothing for always."""
    starts = f" from {write_moment(window.starts_at)}" if window.starts_at else ""
    ends = f" until {write_moment(window.ends_at)}" if window.ends_at else ""
    return starts + ends
