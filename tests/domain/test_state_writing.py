"""The state file is written so that it reads back as the same state."""

from hypothesis import given

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.state import State
from keyholder.domain.state_reading import read_state
from keyholder.domain.state_writing import state_tree
from tests.domain.made_up_states import states
from tests.world import vectors


@given(states())
def test_a_state_that_is_written_reads_back_as_itself(state: State) -> None:
    assert read_state(state_tree(state), builtin()) == state


@given(states())
def test_a_state_has_one_writing_whatever_its_order(state: State) -> None:
    turned = State(
        state.organizations[::-1],
        state.users[::-1],
        state.service_accounts[::-1],
        state.resources[::-1],
        state.access[::-1],
        state.assets[::-1],
    )
    assert turned == state
    assert hash(turned) == hash(state)
    assert state_tree(turned) == state_tree(state)


def test_an_empty_state_is_its_version() -> None:
    assert state_tree(State()) == {"version": 1}


def test_what_is_default_is_left_out_and_addresses_are_shown_as_typed() -> None:
    tree = {
        "version": 1,
        "organizations": [{"key": "acme", "name": "Acme", "admins": ["ALICE@acme.example"], "identity_source": "open", "policy": {}}],
        "users": [{"email": " Alice@Acme.example", "name": "Alice", "status": "active"}],
        "service_accounts": [{"name": "Reporter"}],
        "resources": [
            {"type": "host_account", "id": "7", "name": "Client", "parent": "host:h1", "managed": True},
            {"type": "host", "id": "h1", "name": "Agency", "awaiting_manager": False},
        ],
        "access": [
            {"service_account": "REPORTER", "resource": "host_account:7", "role": "view_only", "until": "2027-01-01T03:00:00+03:00"}
        ],
    }
    assert state_tree(read_state(tree, builtin())) == {
        "version": 1,
        "organizations": [{"key": "acme", "name": "Acme", "admins": ["alice@acme.example"]}],
        "users": [{"email": "Alice@Acme.example", "name": "Alice"}],
        "service_accounts": [{"name": "Reporter"}],
        "resources": [
            {"type": "host", "id": "h1", "name": "Agency"},
            {"type": "host_account", "id": "7", "name": "Client", "parent": "host:h1"},
        ],
        "access": [{"service_account": "Reporter", "resource": "host_account:7", "role": "view_only", "until": "2027-01-01T00:00:00Z"}],
    }


def test_a_resource_always_stands_after_its_parent() -> None:
    for row in range(101, 107):
        state = read_state(vectors(f"world-{row}.yaml")["state"], builtin())
        seen = set()
        for resource in state.resources:
            assert resource.parent is None or resource.parent in seen
            seen.add(resource.ref)
