"""The frame around every page: who is signed in, where one can go, in which language and colours."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from keyholder.interfaces.console.parts.marks import Who
from keyholder.interfaces.console.parts.navigation import NavSection
from keyholder.interfaces.http import clock

THEMES = ("light", "dark", "system")
THEME_COOKIE = "theme"


@dataclass(frozen=True, slots=True)
class Frame:
    """What ``base.html`` shows around a page."""

    theme: str
    languages: tuple[tuple[str, str], ...]
    signed_in: Who | None = None
    sections: tuple[NavSection, ...] = ()
    operator_missing: bool = False


def frame(request: HttpRequest) -> dict[str, object]:
    """Give every template its frame, and ``now``, the moment from which times are told."""
    by = getattr(request, "caller", None)
    return {"frame": Frame(theme_of(request), tuple(settings.LANGUAGES), signed_in(request)), "now": by.at if by else clock.now()}


def signed_in(request: HttpRequest) -> Who | None:
    """Return who is signed in, as the frame shows them."""
    user = getattr(request, "user", None)
    return Who(user.name, user.email) if user is not None and user.is_authenticated else None


def theme_of(request: HttpRequest) -> str:
    """Return the colours the reader chose: light, dark, or as the system has it."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"
