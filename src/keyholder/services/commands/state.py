"""Applying a state file: the difference between it and the database, through the same rules as everybody, all or nothing (contract 3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from keyholder.domain.refusals import Conflict, Refusals, RefusedRow
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.state import ResourceState, State
from keyholder.domain.state_changes import Counts, Plan, plan
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import state_additions, state_alterations, state_assets, state_removals
from keyholder.services.commands.state_numbers import Numbers
from keyholder.services.queries import state as reading
from keyholder.services.rules import hierarchy

MOVED = _("{resource} stands below {before}; a state file does not move it to {after}.")
NOT_AWAITING = _("{resource} has a manager: awaiting_manager is only for accounts that the file creates or that await one already.")
AWAITS = _("{resource} begins without a manager and awaits one.")
TOLERATED = _("{address} may be outside a user policy and is let in all the same.")
SLEEPS = _("{resource} is assigned to {subject}, and counts only once they have the role for it.")


@dataclass(frozen=True, slots=True)
class Applied:
    """What was made: how many rows of each kind, and what deserves a second look."""

    counts: Mapping[str, Counts]
    warnings: tuple[Sentence, ...]


def apply(*, by: Caller, state: State, prune: bool = False) -> Applied:
    """Make the database hold what the state declares; without ``prune`` only add and change.

    Raises Forbidden for anybody but an operator, and Refusals with every reason where the state that would result breaks a rule.
    """
    with acting(by, scopes.of_everything, alone=True) as act:
        act.authority.require_operator()
        wanted = plan(reading.current(by=by), state, prune=prune)
        _refuse_impossible(wanted)
        numbers = Numbers()
        warnings = (*_allow_awaiting(wanted), *_tolerate(state, wanted), *_let_sleep(wanted))
        state_additions.make(act, wanted, numbers)
        act.tolerated |= {numbers.users[u.canonical] for u in state.users if u.outside_policy}
        act.tells_history = True
        act.asleep |= {(numbers.principal(a.principal), numbers.resources[a.resource].pk) for a in state.access if a.without_role}
        act.declared |= {numbers.users[u.canonical] for u in state.users}
        act.awaiting_allowed |= {numbers.resources[r.ref].pk for r in wanted.resources.added if r.awaiting_manager}
        state_alterations.make(act, wanted, numbers)
        state_additions.access(act, [*wanted.access.added, *state_alterations.dropped(state, wanted, numbers)], numbers)
        state_assets.make(act, wanted, numbers)
        state_removals.make(act, wanted, numbers)
        return Applied(wanted.counts, warnings)


def _refuse_impossible(wanted: Plan) -> None:
    against = [
        Conflict("moved", sentence(MOVED, resource=new.ref, before=old.parent or "-", after=new.parent or "-"))
        for old, new in wanted.resources.changed
        if old.parent != new.parent
    ]
    against += [
        Conflict("not_awaiting", sentence(NOT_AWAITING, resource=new.ref))
        for old, new in wanted.resources.changed
        if new.awaiting_manager and not old.awaiting_manager
    ]
    against += [
        Conflict("cycle", sentence(hierarchy.CYCLE, path=f"{row.group} > {row.member}"))
        for row in wanted.memberships.added
        if row.group == row.member
    ]
    if against:
        raise Refusals([RefusedRow(str(refusal.sentence), refusal) for refusal in against])


def _allow_awaiting(wanted: Plan) -> tuple[Sentence, ...]:
    return tuple(sentence(AWAITS, resource=_label(row)) for row in wanted.resources.added if row.awaiting_manager)


def _tolerate(state: State, wanted: Plan) -> tuple[Sentence, ...]:
    new = {row.canonical for row in wanted.users.added}
    return tuple(sentence(TOLERATED, address=row.email) for row in state.users if row.outside_policy and row.canonical in new)


def _let_sleep(wanted: Plan) -> tuple[Sentence, ...]:
    return tuple(sentence(SLEEPS, subject=row.principal.key, resource=row.resource) for row in wanted.access.added if row.without_role)


def _label(row: ResourceState) -> str:
    return f"{row.name} ({row.ref})"
