"""The harness of every test: one database for the session, the outside kept out, the cast's clock.

Fixtures for what touches storage: ``db`` (each test in a transaction that is rolled back) and ``committed_db`` (real commits, for threads,
races and servers; the database is put back afterwards). Both run on SQLite and on PostgreSQL (``KEYHOLDER_TEST_DATABASE``).
"""

import gc
import os
import socket
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from tests import databases, racing

pytest_plugins = ["tests.requirements_plugin"]

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""The moment at which the cast lives."""
PURE = ("domain", "engine", "architecture")
OWN = ("KEYHOLDER_TEST_", "KEYHOLDER_SOAK", "KEYHOLDER_SCREENSHOTS")
"""Variables that speak to the tests; a test of anything else begins with the defaults."""
CHROMIUM = Path("/usr/bin/chromium")
CALM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # what a container gives there is soon full, and a page without memory ends without a word
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHEAP = (1, 8, 1)
"""What a password costs here: rounds, kibibytes and threads of the same Argon2id."""
FRESH = 100
"""Tests on PostgreSQL after which its database is made anew: what was rolled back stays in the tables and slows down whoever reads them."""
SERVER = pytest.StashKey[databases.Server]()
TESTS = pytest.StashKey["count[int]"]()

hypothesis.settings.register_profile("house", max_examples=50, deadline=None, derandomize=True)
hypothesis.settings.register_profile("soak", max_examples=1000, deadline=None)
hypothesis.settings.load_profile("soak" if os.environ.get("KEYHOLDER_SOAK") == "full" else "house")


def pytest_configure(config: pytest.Config) -> None:
    """Choose and start the database, then name Django's settings: they are read only now. Workers share the server of the first process."""
    if is_pure(config):
        return
    inherited = os.environ.get("KEYHOLDER_TEST_SERVER", "")
    for variable in [name for name in os.environ if name.startswith("KEYHOLDER_") and not name.startswith(OWN)]:
        del os.environ[variable]
    if databases.CHOICE == "postgresql" and hasattr(config, "workerinput") and inherited:
        server: databases.Server = databases.Given(inherited)
    else:
        try:
            server = databases.start()
        except (RuntimeError, ValueError) as error:
            raise pytest.UsageError(str(error)) from error
    os.environ["KEYHOLDER_TEST_SERVER"] = os.environ["KEYHOLDER_DATABASE_URL"] = server.url
    os.environ["KEYHOLDER_SECRET_KEY"] = "a key that guards nothing but tests"
    os.environ["DJANGO_SETTINGS_MODULE"] = "keyholder.config.settings"
    config.stash[SERVER] = server
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = CHEAP
    assert settings.DATABASES, "pytest-django sets Django up once its settings have been read"


def is_pure(config: pytest.Config) -> bool:
    """Say whether only rooms are asked for that know neither Django nor a database."""
    here = Path(__file__).parent
    asked = [(config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args]
    return all(any(path.is_relative_to(here / room) for room in PURE) for path in asked)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End the database."""
    if SERVER in config.stash:
        config.stash[SERVER].stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count every law among what runs long, and refuse the way to commit that leaves the database without its first rows."""
    for item in items:
        if getattr(getattr(item, "function", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.soak)
        mark = item.get_closest_marker("django_db")
        if mark is not None and mark.kwargs.get("transaction"):
            message = f"{item.nodeid}: ask for the fixture committed_db instead of transaction=True"
            raise pytest.UsageError(message)


def pytest_collection_finish() -> None:
    """Look no more for garbage among what was imported and collected, for it stays; it is most of what there is."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(pytestconfig: pytest.Config, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Keep SQLite's test database in a file: threads share it as they share a real one."""
    server = pytestconfig.stash[SERVER]
    if isinstance(server, databases.File):
        connections["default"].settings_dict["TEST"]["NAME"] = str(server.folder / "test.db")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Make the database also for a session in which every test commits: pytest-django looks only for its own fixtures and marks."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def pristine_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[databases.Pristine]:
    """Remember the database as the migrations left it."""
    with django_db_blocker.unblock():
        pristine = databases.pristine()
    yield pristine
    with django_db_blocker.unblock():
        pristine.discard()


@pytest.fixture
def committed_db(pristine_db: databases.Pristine, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let a test commit, also from several threads; afterwards the database is as it was."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            pristine_db.restore()


@pytest.fixture(autouse=True)
def swept(request: pytest.FixtureRequest) -> None:
    """Sweep a PostgreSQL now and then, before a test begins its transaction."""
    if databases.CHOICE == "postgresql" and "db" in request.fixturenames:
        tests = request.session.stash.setdefault(TESTS, count(1))
        if next(tests) % FRESH == 0:
            pristine_db: databases.Pristine = request.getfixturevalue("pristine_db")
            with request.getfixturevalue("django_db_blocker").unblock():
                pristine_db.restore()


@pytest.fixture
def race(committed_db: None) -> Callable[..., list[object]]:
    """Start several acts at the same moment, each on its own connection: see :func:`tests.racing.race`."""
    return racing.race


@pytest.fixture
def now() -> datetime:
    """Return the moment at which the cast lives."""
    return NOW


@pytest.fixture(autouse=True, scope="session")
def no_outside() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = str(address[0]) if isinstance(address, tuple) else ""
        if self.family in {socket.AF_INET, socket.AF_INET6} and host not in {"127.0.0.1", "::1", "localhost"}:
            message = f"a test tried to reach {host}"
            raise ConnectionRefusedError(message)
        connect(self, address)  # type: ignore[arg-type]  # whatever the caller gave goes through as it is

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the machine's own Chromium, quietly."""
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": list(CALM)}


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, dict[str, Any] | None, dict[str, Any] | None]:
    """Let a test fail that shows half a character: between processes a report is text that can be encoded."""
    return encodable((yield))


def encodable(value: T) -> T:
    """Return a report with what can't be encoded written out."""
    if isinstance(value, dict):
        return {encodable(key): encodable(item) for key, item in value.items()}  # type: ignore[return-value]  # of the same shape
    if isinstance(value, list | tuple):
        return type(value)(encodable(item) for item in value)
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value  # type: ignore[return-value]  # the same
