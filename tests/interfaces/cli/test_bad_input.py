"""Bad input: whatever a file holds, it is refused in one line for each reason, and nothing is written."""

from datetime import datetime

import pytest

from tests.interfaces.cli.shell import run

pytestmark = pytest.mark.django_db

BACKWARDS = """version: 1
users: [{email: a@b.example, name: A}]
resources: [{type: account, id: "1", name: Shop}]
access:
  - {user: a@b.example, resource: "account:1", permissions: [edit], from: "2027-01-02T00:00:00Z", until: "2027-01-01T00:00:00Z"}
"""
FILES: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "The file is empty."),
    "a number": ("7", "A state file begins with keys"),
    "a list": ("- a\n- b", "A state file begins with keys"),
    "no YAML": ("version: [1", "The file is not YAML"),
    "no JSON": ('{"version": 1,}' + " " * 70_000 + "x", "The file is not"),
    "not UTF-8": (b"version: 1\nusers: [{email: a@b.example, name: \xff}]", "2:36: The file is not text in UTF-8."),
    "NUL": ('version: 1\nusers: [{email: a@b.example, name: "a\\0b"}]', "U+0000"),
    "a key twice": ("version: 1\nusers: []\nusers: []", '3:1: The key "users" stands here a second time.'),
    "a JSON key twice": ('{"version": 1, "users": [], "users": []}', 'The key "users" stands here a second time.'),
    "a tag": ("version: !!python/object:os.system 1", "is not taken"),
    "an anchor": ("version: 1\nusers: &a []", "Anchors and aliases"),
    "two documents": ("version: 1\n---\nversion: 1", "A second document begins here"),
    "too deep": ("version: 1\nusers: " + "[" * 40 + "]" * 40, "levels stand inside each other"),
    "a bomb": ("[" * 100_000, "levels stand inside each other"),
    "no version": ("users: []", 'The key "version" is missing.'),
    "another version": ("version: 3", 'version: The version "3" is not known'),
    "a number for an id": ("version: 1\nresources: [{type: account, id: 100, name: Shop}]", "resources[0].id: "),
    "an unknown type": (
        'version: 1\nresources: [{type: planet, id: "1", name: Mars}]',
        'resources[0].type: There is no resource type "planet"',
    ),
    "an unknown key": ("version: 1\nusers: [{email: a@b.example, name: A, age: 7}]", "users[0].age: "),
    "a dangling reference": (
        'version: 1\naccess: [{user: a@b.example, resource: "account:1", permissions: [edit]}]',
        "access[0].user: a@b.example is neither in the file nor in the database.",
    ),
    "no address": ("version: 1\nusers: [{email: a at b, name: A}]", "users[0].email: "),
    "an address twice": (
        "version: 1\nusers: [{email: a@gmail.com, name: A}, {email: A@googlemail.com, name: B}]",
        "users[1].email: This stands at users[0].email already.",
    ),
    "an end before its beginning": (
        BACKWARDS,
        "access[0]",
    ),
    "a name that hides something": ('version: 1\nusers: [{email: a@b.example, name: "A\\u202eB"}]', "users[0].name: "),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_file_that_says_nothing_is_refused_in_lines(command: str, name: str, noon: datetime) -> None:
    from keyholder.storage.models import Event, Principal, Resource

    content, why = FILES[name]
    done = run(command, "-", stdin=content)
    assert (done.code, done.out) == (2, "")
    assert any(why in reason for reason in done.reasons), done.reasons
    assert "Traceback" not in done.err
    assert [model.objects.count() for model in (Principal, Resource, Event)] == [0, 0, 0]


def test_every_problem_of_a_file_is_said_at_once(noon: datetime) -> None:
    done = run("apply", "-", stdin="version: 1\nusers: [{email: x, name: X}, {email: y}]\nresources: [{type: planet, id: p, name: P}]")
    assert len(done.reasons) == 4
    assert [reason.split(":")[0] for reason in done.reasons] == ["users[0].email", "users[1]", "users[1].email", "resources[0].type"]
