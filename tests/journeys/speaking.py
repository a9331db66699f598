"""Speaking a language: what a page says by the catalogue, so that one journey is walked in several languages."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, override

LANGUAGES = ("en", "ru")
"""A journey that is walked in both is walked in a language of two plural forms and in one of more."""


@dataclass(frozen=True)
class Tongue:
    """One language of the console."""

    code: str

    def say(self, text: str, **names: object) -> str:
        """Return what the console says, with these names in it."""
        with override(self.code):
            found = gettext(text)
        return found % names if names else found

    def count(self, one: str, many: str, count: int, **names: object) -> str:
        """Return what the console says of so many."""
        with override(self.code):
            found = ngettext(one, many, count)
        return found % {"count": count, **names}
