"""The frame around every page: who is signed in, where one can go, in which language and colours."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from keyholder.domain.identifiers import ResourceRef
from keyholder.interfaces.console.forms.asking import LONGEST_PAGE, AskForm
from keyholder.interfaces.console.parts.marks import Who
from keyholder.interfaces.console.parts.navigation import NavSection
from keyholder.interfaces.console.shown import helping, navigation
from keyholder.interfaces.http import clock
from keyholder.interfaces.http.requests import Reader
from keyholder.services.queries import frames

THEMES = ("light", "dark", "system")
THEME_COOKIE = "theme"


class Frame:
    """What ``base.html`` shows around a page. What has to be asked for is asked only by a page that shows it."""

    def __init__(self, request: HttpRequest) -> None:
        """Frame the answer to a request."""
        self._request = request
        self.theme = theme_of(request)
        self.languages = tuple(settings.LANGUAGES)
        self.signed_in = signed_in(request)

    @cached_property
    def sections(self) -> tuple[NavSection, ...]:
        """The navigation; empty for who is not signed in."""
        by, reader = getattr(self._request, "caller", None), _reader(self._request)
        if by is None or reader is None:
            return ()
        return navigation.sections(by, self._request.resolver_match, is_operator=reader.is_operator)

    @cached_property
    def helpers(self) -> tuple[Who, ...]:
        """People who can let the reader in at the node that the address is about; nobody where it is about none."""
        by, reader, match = getattr(self._request, "caller", None), _reader(self._request), self._request.resolver_match
        if by is None or reader is None or match is None or not {"type", "key"} <= set(match.kwargs):
            return ()
        return helping.helpers(by, reader.address, ResourceRef(match.kwargs["type"], match.kwargs["key"]))

    @cached_property
    def asking(self) -> AskForm:
        """The form that asks for access to this very page."""
        return AskForm(None, self._request.get_full_path()[:LONGEST_PAGE], signed_in=self.signed_in is not None)

    @cached_property
    def kind(self) -> str:
        """What people call the type that the address of the page names; empty where it names none. It says nothing of what there is."""
        match = self._request.resolver_match
        return helping.kind(str(match.kwargs.get("type", ""))) if match is not None else ""

    @property
    def support(self) -> str:
        """The address that helps; empty where none is set."""
        return str(settings.SUPPORT_EMAIL)

    @cached_property
    def operator_missing(self) -> bool:
        """Whether nobody runs this instance yet (semantics 2)."""
        return not frames.is_operated()


def frame(request: HttpRequest) -> dict[str, object]:
    """Give every template its frame, and ``now``, the moment from which times are told."""
    by = getattr(request, "caller", None)
    return {"frame": Frame(request), "now": by.at if by else clock.now()}


def signed_in(request: HttpRequest) -> Who | None:
    """Return who is signed in, as the frame shows them: the name leads to their own account."""
    reader = _reader(request)
    return None if reader is None else Who(reader.name, reader.address, reverse("console:me"))


def theme_of(request: HttpRequest) -> str:
    """Return the colours the reader chose: light, dark, or as the system has it."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"


def _reader(request: HttpRequest) -> Reader | None:
    """Return who is signed in; nobody while a request is refused before anybody has looked."""
    return getattr(request, "reader", None)
