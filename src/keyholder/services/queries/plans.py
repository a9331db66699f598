"""Plans: what applying a state file would make, rules not judged (contract 2)."""

from keyholder.domain.state import State
from keyholder.domain.state_changes import Plan, plan
from keyholder.services.caller import Caller
from keyholder.services.queries import state as reading


def preview(*, by: Caller, state: State, prune: bool = False) -> Plan:
    """Return what ``commands.state.apply`` would make of this file. Raises Forbidden for anybody but an operator."""
    return plan(reading.current(by=by), state, prune=prune)
