"""Proposals: a change of bindings that nobody has made yet, and the facts as they would be with it (R048)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from keyholder.domain.blueprint import Blueprint, Catalogue, Mask
from keyholder.domain.identifiers import BindingId, PrincipalId, ResourceId
from keyholder.domain.permissions import Bindable, bindable
from keyholder.domain.windows import ALWAYS, Window
from keyholder.engine.facts import Binding, Facts

NEW = BindingId(-1)
"""Number of a binding that is not written yet."""


class Verb(StrEnum):
    """What would be done with the local bindings, as the command of the same name does it."""

    GRANT = "grant"
    """Unite with the binding of the window."""
    SET = "set"
    """Make the binding of one window hold exactly this, for the window; nothing deletes it."""
    TAKE = "take"
    """Take permissions out of the bindings of every window."""
    REVOKE = "revoke"
    """Delete the bindings of every window."""
    MOVE = "move"
    """Give the standing binding the window."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of what some principals hold at one resource."""

    verb: Verb
    principals: tuple[PrincipalId, ...]
    at: ResourceId
    permissions: tuple[str, ...] = ()
    role: str = ""
    window: Window = ALWAYS
    since: Window | None = None
    """Of SET: which binding is edited, where that is of another window; it unites with what stands in the new one already."""


def wanted(proposal: Proposal, catalogue: Catalogue, type_name: str) -> Bindable | None:
    """Return the set that is proposed, None where none is; raises Invalid for one that can't be bound at the type."""
    if not proposal.permissions and not proposal.role and proposal.verb in {Verb.SET, Verb.REVOKE, Verb.MOVE}:
        return None
    return bindable(catalogue, type_name, permissions=proposal.permissions, role=proposal.role)


def proposed(facts: Facts, blueprint: Blueprint, proposal: Proposal, asked: Bindable | None) -> Facts:
    """Return the facts as they would be."""
    concerned = [b for b in facts.bindings if b.resource == proposal.at and b.principal in proposal.principals]
    rest = tuple(b for b in facts.bindings if b.resource != proposal.at or b.principal not in proposal.principals)
    own = {principal: [b for b in concerned if b.principal == principal] for principal in proposal.principals}
    changed = (b for principal, rows in own.items() for b in _changed(principal, rows, blueprint, proposal, asked))
    return replace(facts, bindings=(*rest, *changed))


def _changed(
    principal: PrincipalId, rows: list[Binding], blueprint: Blueprint, proposal: Proposal, asked: Bindable | None
) -> Iterator[Binding]:
    if proposal.verb is Verb.TAKE:
        yield from _taken(rows, blueprint, asked)
    elif proposal.verb is Verb.MOVE:
        yield from (replace(b, window=proposal.window) if b.window.is_standing else b for b in rows)
    elif proposal.verb is Verb.SET:
        yield from _set(principal, rows, proposal, asked)
    elif proposal.verb is Verb.GRANT:
        before = next((b for b in rows if b.window == proposal.window), None)
        yield from (b for b in rows if b is not before)
        if asked is not None:
            fresh = Binding(NEW, principal, proposal.at, asked.mask, asked.role, proposal.window)
            yield fresh if before is None else _united(before, fresh)


def _set(principal: PrincipalId, rows: list[Binding], proposal: Proposal, asked: Bindable | None) -> Iterator[Binding]:
    is_there = any(b.window == proposal.since for b in rows)
    since = proposal.since if proposal.since is not None and (is_there or asked is None) else proposal.window
    there = next((b for b in rows if b.window == proposal.window != since), None)
    yield from (b for b in rows if b.window != since and (b is not there or asked is None))
    if asked is not None:
        fresh = Binding(NEW, principal, proposal.at, asked.mask, asked.role, proposal.window)
        yield fresh if there is None else _united(there, fresh)


def _united(before: Binding, fresh: Binding) -> Binding:
    """Unite two bindings of one window: a role takes the place of what stands; permissions beside a role are refused and change nothing."""
    if fresh.role:
        return fresh
    return before if before.role else replace(before, mask=Mask(before.mask | fresh.mask))


def _taken(rows: list[Binding], blueprint: Blueprint, asked: Bindable | None) -> Iterator[Binding]:
    doomed = blueprint.implied_by(asked.mask if asked is not None else 0)
    for row in rows:
        left = row if row.role else replace(row, mask=Mask(row.mask & ~doomed))
        if left.role or left.mask:
            yield left
