"""Documents: a file says the same thing to everybody, hides nothing, and can't wear the reader out."""

import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.refusals import Invalid
from keyholder.domain.state import State
from keyholder.domain.state_reading import read_state
from keyholder.domain.state_writing import state_tree
from keyholder.interfaces.cli import documents
from keyholder.interfaces.cli.documents import read_document
from keyholder.interfaces.cli.yaml_writing import WIDTH, Tree, write_yaml
from tests.domain.made_up_states import states
from tests.world import VECTORS, vectors

READ: dict[str, Any] = {
    "a: off\nb: no\nc: y": {"a": "off", "b": "no", "c": "y"},
    "a: 010\nb: 0o10\nc: 0x1F\nd: -7": {"a": 10, "b": 8, "c": 31, "d": -7},
    "a: 1_000\nb: 1:30\nc: 0b1": {"a": "1_000", "b": "1:30", "c": "0b1"},
    "a: 1.5\nb: .5e3\nc: .inf\nd: 1e3": {"a": 1.5, "b": 500.0, "c": float("inf"), "d": 1000.0},
    "a: ~\nb:\nc: null\nd: 'null'": {"a": None, "b": None, "c": None, "d": "null"},
    "a: true\nb: False\nc: 'true'": {"a": True, "b": False, "c": "true"},
    "a: 2027-01-01T00:00:00Z\nb: 2027-01-01": {"a": "2027-01-01T00:00:00Z", "b": "2027-01-01"},
    "a: account:100\nb: <<\nc: =": {"a": "account:100", "b": "<<", "c": "="},
    "<<: {a: 1}\nb: 2": {"<<": {"a": 1}, "b": 2},
    "a: |\n  one\n  two\nb: >\n  one\n  two\n": {"a": "one\ntwo\n", "b": "one two\n"},
    "- - a\n- {b: [c, d]}\n": [["a"], {"b": ["c", "d"]}],
    "%YAML 1.2\n---\na: 1\n...\n": {"a": 1},
    "\ufeffa: \u05d0": {"a": "\u05d0"},
    "{a: 1, 'b': [2]}": {"a": 1, "b": [2]},
    '{"a": 1.5, "b": [true, null, "\\u00e9", -3]}': {"a": 1.5, "b": [True, None, "\u00e9", -3]},
    '{"a": NaN}': {"a": "NaN"},
    '["\\\\u0000"]': ["\\u0000"],
    "[" * 32 + "]" * 32: json.loads("[" * 32 + "]" * 32),
}
REFUSED = {
    "empty": ("", "1:1", "empty"),
    "only a comment": ("# nothing", "1:1", "empty"),
    "nothing": ("---\n...\n", "1:1", "empty"),
    "several documents": ("a: 1\n---\nb: 2", "2:1", "second document"),
    "several documents after an end": ("a: 1\n...\nb: 2", "3:1", "second document"),
    "a repeated key": ("a: 1\nb: 2\na: 3", "3:1", '"a"'),
    "a repeated key inside": ("- {a: 1, 'a': 2}", "1:10", '"a"'),
    "a repeated key in JSON": ('{"x": [\n {"a": 1, "\\u0061": 2}]}', "2:11", '"a"'),
    "a repeated key in JSON after its own value": ('{"a": {"a": "a"}, "b": ["a", "a"], "a": 1}', "1:36", '"a"'),
    "a tag": ("a: !!python/object/apply:os.system [ls]", "1:4", "os.system"),
    "a harmless tag": ("a: !!str 5", "1:4", "tag"),
    "a tag of its own": ("!mine {a: 1}", "1:1", "!mine"),
    "a tag on a list": ("a: !!set [b]", "1:4", "tag"),
    "an anchor": ("a: &x 1", "1:4", '"x"'),
    "an alias": ("a: *x", "1:4", '"x"'),
    "an anchor on a list": ("a: &x [1]", "1:4", '"x"'),
    "another YAML": ("%YAML 1.1\n---\na: off", "2:1", "1.2"),
    "a tag's name": ("%TAG ! tag:x,2026:\n---\na: 1", "2:1", "directives"),
    "a list as a key": ("[a]: b", "1:1", "key"),
    "a set of keys as a key": ("? {a: b}\n: c", "1:3", "key"),
    "NUL": ("a: x\0", "1:5", "U+0000"),
    "NUL in an escape": ('a: 1\nb: "x\\0"', "2:4", "U+0000"),
    "NUL in JSON": ('{"a": "\\u0000"}', "1:7", "U+0000"),
    "a control character": ("a: \x07", "1:4", "U+0007"),
    "a character that does not exist": ('a: "\\U00110000"', "", "escape"),
    "no character at all": ('a: "\\UFFFFFFFF"', "", "escape"),
    "33 levels": ("[" * 33 + "]" * 33, "1:33", "32"),
    "33 levels of keys in JSON": ('{"a":' * 33 + "1" + "}" * 33, "1:161", "32"),
    "33 levels of lines": ("".join(f"{' ' * n}a:\n" for n in range(33)), "33:33", "32"),
    "a hundred thousand levels": ("[" * 100_000, "1:33", "32"),
    "a hundred thousand levels of dashes": ("- " * 100_000, "1:65", "32"),
    "a hundred thousand levels of JSON": ('{"a":' * 100_000, "1:161", "32"),
    "a number of ten thousand digits": ("a: " + "9" * 10_000, "1:4", "number"),
    "a number of ten thousand digits in JSON": ('{"a": ' + "9" * 10_000 + "}", "1:7", "number"),
    "an open bracket": ("a: [1, 2", "1:9", "not YAML"),
    "an open quote": ('a: "b', "1:6", "not YAML"),
    "a tab": ("a:\n\t- b", "2:1", "not YAML"),
    "two meanings on a line": ("a: b: c", "1:5", "not YAML"),
    "JSON and more": ('{"a": 1} x', "1:10", "not YAML"),
    "a broken end of much JSON": ("[" + '"x",' * 20_000 + "\n}", "2:1", "not JSON"),
}
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def read(text: str) -> object:
    """Read a document from its text."""
    return read_document(io.BytesIO(text.encode()))


@pytest.mark.parametrize("text", READ)
def test_a_document_is_read_as_yaml_1_2_and_json_say(text: str) -> None:
    assert repr(read(text)) == repr(READ[text])


@pytest.mark.parametrize("what", REFUSED)
def test_what_hides_repeats_or_wears_out_is_refused_at_its_line_and_column(what: str) -> None:
    text, place, says = REFUSED[what]
    with pytest.raises(Invalid) as refused:
        read(text)
    assert (refused.value.code, refused.value.place) == ("document", place)
    assert says in str(refused.value.sentence)


def test_r_dos_1_a_billion_laughs_are_not_heard_out() -> None:
    """R-DOS-1: refused at the first of them."""
    with pytest.raises(Invalid) as refused:
        read(BOMB)
    assert refused.value.place == "1:4"


@pytest.mark.parametrize(("data", "place"), [(b"a: 1\nb: \xff", "2:4"), ("a: 1".encode("utf-16"), "1:1"), (b"\xc3", "1:1")])
def test_what_is_not_utf_8_is_refused_where_it_begins(data: bytes, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_document(io.BytesIO(data))
    assert refused.value.place == place


def test_r_dos_1_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-DOS-1: at the limit it is read, one byte further it is not."""
    monkeypatch.setattr(documents, "LARGEST", 2**20)
    assert read('"' + "x" * (2**20 - 2) + '"') == "x" * (2**20 - 2)
    with pytest.raises(Invalid) as refused:
        read('"' + "x" * (2**20 - 1) + '"')
    assert "1 MiB" in str(refused.value)


@given(st.text(st.sampled_from("ab:-,[]{}\"'|>&*!%?#~01\\uxU<=@` \n\t\r\x85\u2028\u00e9\ufeff"), max_size=30))
def test_whatever_the_text_it_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Invalid):
        read(text)


@pytest.mark.parametrize("name", ["stories.yaml", "world-101.yaml"])
def test_a_vector_is_read_as_other_readers_read_it(name: str) -> None:
    with (VECTORS / name).open("rb") as file:
        assert read_document(file) == vectors(name)


def test_times_may_be_written_with_quotes_or_without() -> None:
    text = """
version: 1
users: [{email: ben@acme.example, name: Ben}]
resources: [{type: account, id: "100", name: Shop}]
access:
  - {user: ben@acme.example, resource: account:100, permissions: [edit], from: 2026-01-01T00:00:00Z, until: "2027-01-01T00:00:00Z"}
"""
    window = read_state(read(text), builtin()).access[0].window
    assert window.starts_at
    assert window.ends_at
    assert (window.starts_at.year, window.ends_at.year) == (2026, 2027)


@given(states())
def test_a_state_written_as_yaml_or_json_reads_back_as_itself(state: State) -> None:
    tree = state_tree(state)
    assert read_state(read("".join(write_yaml(tree))), builtin()) == state
    assert read_state(read(json.dumps(tree)), builtin()) == state
    assert read_state(read(json.dumps(tree, ensure_ascii=False, indent=1)), builtin()) == state


trees = st.recursive(
    st.booleans() | st.integers(-(10**6), 10**6) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(st.characters(codec="ascii", exclude_characters="\0")), parts),
    max_leaves=9,
)


@given(st.dictionaries(st.text("abc ~-:", max_size=9), trees, min_size=1))
def test_every_tree_of_texts_numbers_and_booleans_is_written_as_it_reads(tree: Any) -> None:
    assert read("".join(write_yaml(tree))) == tree


def test_an_entry_stands_on_one_line_where_it_fits() -> None:
    people = [f"person{number}@acme.example" for number in range(9)]
    tree: dict[str, Tree] = {
        "version": 1,
        "organizations": [
            {"key": "acme", "name": "Acme", "admins": people, "groups": [{"key": "all", "name": "All", "members": [{"user": people[0]}]}]},
            {"key": "010", "name": "off"},
        ],
        "users": [],
    }
    assert "".join(write_yaml(tree)) == (
        "version: 1\n"
        "organizations:\n"
        "  - key: acme\n"
        "    name: Acme\n"
        "    admins:\n" + "".join(f"      - {email}\n" for email in people) + "    groups:\n"
        "      - {key: all, name: All, members: [{user: person0@acme.example}]}\n"
        '  - {key: "010", name: "off"}\n'
        "users: []\n"
    )
    assert all(len(line) <= WIDTH + 1 for line in write_yaml(tree))
