"""Languages: a page comes in the language that its reader chose, wherever they sign in; else in that of the browser."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation


class LanguageMiddleware:
    """Turns to the language of who is signed in; before, Django's own middleware has turned to that of the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Remember who answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Turn to it, then answer."""
        if chosen := of_reader(request):
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language() or chosen
        return self.get_response(request)


def of_reader(request: HttpRequest) -> str:
    """Return the language that the person signed in has chosen; empty where nobody is, or where they chose none that is spoken here."""
    user = request.user
    if not user.is_authenticated or user.language not in dict(settings.LANGUAGES):
        return ""
    return user.language
