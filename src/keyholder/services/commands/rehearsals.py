"""Rehearsals: applying a state file with all its rules and taking it back, so that a plan says what applying would say (contract 2)."""

from keyholder.domain.state import State
from keyholder.services.caller import Caller
from keyholder.services.commands import state as commands
from keyholder.services.commands.state import Applied
from keyholder.storage import locks


def rehearse(*, by: Caller, state: State, prune: bool = False) -> Applied:
    """Return what :func:`keyholder.services.commands.state.apply` would make of a state; nothing is kept. Raises the same refusals."""
    with locks.rehearsal():
        return commands.apply(by=by, state=state, prune=prune)
