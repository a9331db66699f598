"""A forgotten password: asking for a link, and choosing another with it (semantics 7, R-PWD-1, R-ENU-1)."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.interfaces.console.doorsteps import Doorstep, doorstep
from keyholder.interfaces.console.forms.people import NewPasswordForm
from keyholder.interfaces.console.forms.resets import AskForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.same_links import ABOUT, mark, mistaken
from keyholder.interfaces.http.callers import newcomer
from keyholder.interfaces.http.requests import Request
from keyholder.services import reset_links
from keyholder.services.commands import resets
from keyholder.services.queries import resets as queries
from keyholder.services.reset_links import Ticket

RESET = "reset"
"""Under which the session holds what a link was read as; never its secret."""


class AnsweredFirst(HttpResponse):
    """An answer after which something is done: once it has gone, so that nobody learns anything from how long that took (R-ENU-1)."""

    afterwards: Callable[[], None] | None = None

    def close(self) -> None:
        """Do what is left, then let go of the connection."""
        act, self.afterwards = self.afterwards, None
        if act is not None:
            act()
        super().close()


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request) -> HttpResponse:
    """Ask for an address, and say the same whatever it is; a letter goes out if it is somebody's."""
    form = AskForm(_one_address(request))
    by = newcomer(request)
    outcome = submit(form, lambda: resets.ask(by=by, email=form.cleaned_data["address"]))
    if isinstance(outcome, Done):
        answer = AnsweredFirst(_asked(request, form.cleaned_data["address"]).content)
        answer.afterwards = lambda: resets.mail_asked(by=by, email=form.cleaned_data["address"])
        return answer
    page = Doorstep(
        _("Choose a new password"),
        _("Type your address: if it is known here, a letter with a link comes to it."),
        _("Mail me a link"),
        "key-round",
        ways=((reverse("console:sign-in"), _("Back to signing in")),),
    )
    return doorstep(request, page, form, outcome)


@login_not_required
@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Read a link's secret into the session and go on to an address without it. Nothing is used up: mail programs look at links too."""
    ticket = reset_links.read(secret)
    request.session[RESET] = {"number": ticket.number, "digest": ticket.digest} if ticket else None
    answer = redirect("console:reset-choose")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request) -> HttpResponse:
    """Ask for the new password; using the link ends every session of the person, this one as well."""
    by, ticket = newcomer(request), _ticket(request)
    data = posted(request, ABOUT, "password", "again")
    link = queries.opened(by=by, ticket=ticket)
    if link is None or ticket is None:
        return _gone(request)
    about = mark(ticket.number, ticket.digest)
    other = mistaken(data, about)
    form = NewPasswordForm(None if other else data)
    outcome = other or submit(form, lambda: resets.use(by=by, ticket=ticket, password=form.cleaned_data["password"]))
    if isinstance(outcome, Done):
        request.session.flush()
        messages.success(request, _("Your new password is set, and every session has ended. Sign in with it."))
        return redirect("console:sign-in")
    page = Doorstep(
        _("Choose a new password"),
        _("For %(address)s") % {"address": link.address},
        _("Set the password"),
        "key-round",
        facts=(
            Fact(_("Every session ends, in every browser."), "log-out"),
            Fact(_("A second factor stays: you are asked for it when you sign in."), "shield-check"),
        ),
        about=about,
    )
    return doorstep(request, page, form, outcome)


def _one_address(request: Request) -> QueryDict | None:
    """Return the form's fields; raises BadRequest (400) for more than one address, in whichever shape (R-EML-5)."""
    data = posted(request, "address")
    if data is not None and len(data.getlist("address")) != 1:
        message = "one address, and no more"
        raise BadRequest(message)
    return data


def _asked(request: Request, address: str) -> HttpResponse:
    facts = [
        Fact(_("The link in it works for 24 hours, once."), "clock"),
        Fact(_("Nothing came? Look among the unwanted letters, then ask whoever gave you access for a link."), "circle-question-mark"),
    ]
    if settings.SUPPORT_EMAIL:
        facts.append(Fact(_("Or write to %(support)s.") % {"support": settings.SUPPORT_EMAIL}, "message-square"))
    page = Doorstep(
        _("Look into your mail"),
        _("If %(address)s is known here, a letter is on its way.") % {"address": address},
        icon="mail",
        facts=tuple(facts),
        ways=((reverse("console:sign-in"), _("Back to signing in")),),
    )
    return doorstep(request, page)


def _ticket(request: HttpRequest) -> Ticket | None:
    kept = request.session.get(RESET)
    return Ticket(kept["number"], kept["digest"]) if kept else None


def _gone(request: Request) -> HttpResponse:
    page = Doorstep(
        _("This link does not work any more"),
        _("It was used, it is too old, or something has changed since it was made. Nothing is lost: ask for another one."),
        icon="link-2-off",
        ways=((reverse("console:reset"), _("Ask for another link")), (reverse("console:sign-in"), _("Sign in"))),
    )
    answer = doorstep(request, page)
    answer.status_code = 410
    return answer
