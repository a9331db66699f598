"""Assignments: what is ticked for somebody, one by one."""

from dataclasses import dataclass

from keyholder.interfaces.console.parts.marks import Who


@dataclass(frozen=True, slots=True)
class Assignable:
    """A line to tick: a thing for a person, or a person for a thing."""

    value: int
    label: str
    detail: str = ""
    checked: bool = False
    who: Who | None = None
    remark: str = ""
    """Why it does not count, where it is assigned and does not."""
