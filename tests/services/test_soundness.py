"""Whatever is done, what must hold in every state holds, and is told in a whole sentence."""

import pytest

from keyholder.services.queries.activity import activity
from tests.cast import OPERATOR, Cast
from tests.every_command import COMMANDS
from tests.services.happened import last
from tests.sound import faults


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_leaves_a_sound_state_and_a_whole_sentence(cast: Cast, command: str) -> None:
    act, seen = COMMANDS[command](cast), last()
    act()
    assert faults(sample=5) == []
    told = [row for row in activity(by=OPERATOR).entries if row.id > seen]
    assert told
    assert [str(row.sentence) for row in told for value in row.sentence.fields.values() if str(value) == ""] == []
