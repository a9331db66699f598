"""The words of pages in a language: of the catalogue, in English where it lacks them; of the platform where it has its own."""

from functools import cache

from playwright.sync_api import Page

from keyholder.domain.blueprint_files import builtin
from tests.catalogues import catalogue
from tests.journeys.looking import Eyes

GATEWAY = builtin().blueprints["conversions_gateway"]
MTS = builtin().blueprints["mts_analytics"]


@cache
def _messages(language: str) -> dict[str, str]:
    return {} if language == "en" else {row.msgid: row.msgstr for row in catalogue(language) if row.msgstr and not row.fuzzy}


def say(language: str, text: str, **names: object) -> str:
    """Return a message as the console says it."""
    said = _messages(language).get(text, text)
    return said % names if names else said


def speak(eyes: Eyes, language: str) -> Page:
    """Let a browser ask for a language."""
    eyes.page.context.add_cookies([{"name": "language", "value": language, "url": eyes.server.url}])
    return eyes.page
