"""What a reader chooses for their own browser: language and colours. Kept in cookies, also of who is not signed in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from keyholder.interfaces.console.frame import THEME_COOKIE, THEMES
from keyholder.interfaces.http.redirects import safe_next
from keyholder.services.commands.people import choose_language

A_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language, if the console speaks it, and go back to the page; mails then come in it too."""
    known = [code for code, _name in settings.LANGUAGES]
    chosen = request.POST.get("language", "")
    by = getattr(request, "caller", None)
    if by and chosen in known:
        choose_language(by=by, language=chosen)
    return _remembered(request, settings.LANGUAGE_COOKIE_NAME, chosen, known)


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's own, and go back to the page."""
    return _remembered(request, THEME_COOKIE, request.POST.get("theme", ""), list(THEMES))


def _remembered(request: HttpRequest, cookie: str, chosen: str, known: list[str]) -> HttpResponse:
    response = redirect(safe_next(request.POST.get("next")))
    if chosen in known:
        response.set_cookie(cookie, chosen, max_age=A_YEAR, samesite="Lax", secure=settings.SECURE, httponly=True)
    return response
