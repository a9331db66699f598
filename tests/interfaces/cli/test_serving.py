"""Serving a database: migrated by itself or by its owner, probes answered, a log in JSON."""

import re
import subprocess

from tests.interfaces.cli.served import serving
from tests.interfaces.cli.shell import PATIENCE, PROGRAM, environment, start


def test_serve_migrates_answers_probes_and_logs_in_json(other_database: str) -> None:
    """R-LOG-1, R-LOG-2: no query, no token, no line of a stranger's making."""
    with serving(other_database) as server:
        assert server.get("/healthz") == (200, "alive\n")
        assert server.get("/readyz") == (200, "ready\n")
        assert server.get("/readyz?password=canary-1", Cookie="session=canary-2", Authorization="Bearer canary-3")[0] == 200
        assert server.get("/%0a%7b%22forged%22%3a1%7d")[0] in {302, 404}
        assert server.get("/i/" + "canary4" * 6)[0] in {302, 404}
        assert server.get("/healthz", Host="evil.example")[0] == 400
    requests = [line for line in server.lines if line["event"] == "request"]
    assert [line["path"] for line in requests][:3] == ["/healthz", "/readyz", "/readyz"]
    assert all(re.fullmatch(r"[0-9a-f]{32}", str(line["request_id"])) for line in requests)
    assert "canary" not in server.log
    assert "forged" not in [key for line in server.lines for key in line]


def test_several_workers_answer_on_one_port(migrated_database: str) -> None:
    with serving(migrated_database, "--workers", "2") as server:
        assert server.get("/readyz") == (200, "ready\n")


def test_with_an_owner_serve_does_not_migrate(other_database: str) -> None:
    """The owner migrates; the server waits for nobody and says what is missing."""
    others = {"KEYHOLDER_OWNER_URL": other_database}
    refused = start("serve", "--port", "0", database=other_database, others=others)
    assert (refused.code, refused.reasons) == (3, ["the database is not migrated: run keyholder migrate"])
    assert start("migrate", database=other_database, others=others).code == 0
    with serving(other_database, **others) as server:
        assert server.get("/readyz")[0] == 200


def test_migrate_connects_by_the_owners_address(other_database: str, third_database: str) -> None:
    assert start("migrate", database=other_database, others={"KEYHOLDER_OWNER_URL": third_database}).code == 0
    assert start("export", database=third_database).code == 0
    assert start("export", database=other_database).code == 3


def test_two_who_migrate_at_once_do_it_once(other_database: str) -> None:
    processes = [
        subprocess.Popen([*PROGRAM, "migrate"], env=environment(other_database), stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - ours
        for _ in range(3)
    ]
    said = [process.communicate(timeout=PATIENCE) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert sorted(out.split()[0] for out, _err in said) == [b"migrated", b"up", b"up"]
