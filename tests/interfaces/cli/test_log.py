"""The log: proven, printed, and its ends kept elsewhere; and what must hold, verified."""

import hashlib
import json
from datetime import datetime, timedelta

import pytest

from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied

pytestmark = pytest.mark.django_db

GENESIS = "0" * 64


@pytest.fixture(autouse=True)
def opened(noon: datetime) -> None:
    """Open the shop, and let something happen."""
    assert applied(SHOP).code == 0
    assert run("user", "create", "eve@acme.example").code == 0


def test_a_log_that_holds_is_verified() -> None:
    """R-AUD-2, I-AU-1."""
    done = run("audit", "verify")
    events = len(run("audit", "export").lines)
    assert (done.code, done.out) == (0, f"events: {events}, flaws: 0\n")
    assert run("audit", "verify", "--json").json == {"events": events, "flaws": []}


def test_every_flaw_is_a_line_and_the_exit_code_is_one() -> None:
    """R-AUD-2: an event that somebody changed past the triggers."""
    from keyholder.storage.models import Event
    from tests.storage.test_chain import forgery

    with forgery():
        Event.objects.filter(number=3).update(reason="forged")
        done, told = run("audit", "verify"), run("audit", "verify", "--json")
    assert (done.code, told.code) == (1, 1)
    assert all(line.endswith(", event 3: it was changed after it was written") for line in done.lines[:-1])
    assert [flaw["number"] for flaw in told.json["flaws"]] == [3] * (len(done.lines) - 1)


def test_the_export_is_enough_to_prove_the_chain_without_us() -> None:
    """R-AUD-2: every line holds what its hash covers."""
    ends: dict[int, str] = {}
    for event in run("audit", "export").json_lines:
        previous, own = event.pop("previous"), event.pop("hash")
        assert previous == ends.get(event["tenant_id"], GENESIS)
        body = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        whole = hashlib.sha256()
        for part in (previous.encode(), body):
            whole.update(len(part).to_bytes(8, "big") + part)
        assert whole.hexdigest() == own
        ends[event["tenant_id"]] = own
    assert ends == {head["tenant"]: head["hash"] for head in run("audit", "heads").json_lines}


def test_since_leaves_out_what_was_before(noon: datetime) -> None:
    assert run("audit", "export", "--since", noon.isoformat()).out == run("audit", "export").out
    assert run("audit", "export", "--since", (noon + timedelta(seconds=1)).isoformat()).out == ""
    assert run("audit", "export", "--since", "yesterday").code == 2


def test_ends_that_were_kept_elsewhere_are_looked_for() -> None:
    """R-AUD-2: who cuts the log off and closes it again is found out."""
    kept = run("audit", "heads").out
    run("user", "create", "frank@acme.example")
    assert run("audit", "verify", "--heads", "-", stdin=kept).code == 0
    first = json.loads(kept.splitlines()[0])
    gone = json.dumps({**first, "number": first["number"] + 50})
    done = run("audit", "verify", "--heads", "-", stdin=gone)
    assert (done.code, done.lines[0].split(":")[0]) == (1, f"tenant {first['tenant']}, event {first['number'] + 50}")
    assert run("audit", "verify", "--heads", "-", stdin="{}").reasons == ["line 1: This is no line of keyholder audit heads."]


def test_what_must_hold_is_verified() -> None:
    """All but I-DB-1: a database for tests is told not to wait for its disk, and that is found."""
    wanted = [invariant for invariant in run("verify", "--json").json["invariants"] if invariant != "I-DB-1"]
    done = run("verify", *(word for invariant in wanted for word in ("--only", invariant)))
    assert (done.code, done.out) == (0, f"invariants: {len(wanted)}, findings: 0\n")
    assert run("verify", "--json", "--only", "I-GR-1").json == {"invariants": ["I-GR-1"], "findings": []}


def test_what_does_not_hold_is_a_line_and_exit_code_one() -> None:
    """I-MG-1: a row that went past every rule."""
    from keyholder.storage.models import Binding

    Binding.objects.filter(resource__key="100", permissions="manage_users").delete()
    done = run("verify", "--only", "I-MG-1")
    assert done.code == 1
    assert done.lines[0].startswith("I-MG-1: ")
    assert run("verify", "--only", "I-MG-1", "--json").json["findings"][0]["invariant"] == "I-MG-1"


def test_an_invariant_that_nobody_knows_is_bad_input() -> None:
    assert run("verify", "--only", "gravity").code == 2
