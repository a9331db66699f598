"""What the journeys share: the demo, loaded once, and a server on a copy of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import serving
from tests.journeys.addresses import ANDRIS, DARIA, EMIL
from tests.journeys.serving import Demo, Server


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Return the demo in a file of its own."""
    return serving.load(tmp_path_factory.mktemp("demo") / "demo.db", ANDRIS, DARIA, EMIL)


@pytest.fixture(scope="module", autouse=True)
def closed(browser: Browser) -> Iterator[None]:
    """Close what a file has opened in the browser, which all files share: a page that stays open goes on working."""
    yield
    for context in browser.contexts:
        context.close()


@pytest.fixture(scope="module")
def server(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the demo to the journeys of one file."""
    folder: Path = tmp_path_factory.mktemp("served")
    with serving.serving(demo, folder / "keyholder.db") as running:
        yield running
