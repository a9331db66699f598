"""Changing one's own address, and proving the one that one has (R-EML-7)."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keyholder.interfaces.console.doorsteps import Doorstep, doorstep
from keyholder.interfaces.console.forms.factors import AddressForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted, submit
from keyholder.interfaces.console.rendering import FormPage, form_page
from keyholder.interfaces.console.same_links import ABOUT, mark, mistaken
from keyholder.interfaces.http.callers import caller, newcomer
from keyholder.interfaces.http.entering import PROOF, proven
from keyholder.interfaces.http.requests import Request
from keyholder.services import proofs
from keyholder.services.commands import address_changes
from keyholder.services.proofs import Purpose
from keyholder.services.queries import address_changes as queries


@require_http_methods(["GET", "HEAD", "POST"])
@proven
def change(request: Request) -> HttpResponse:
    """Ask for the new address and mail a proof there; what is said is the same whoever has it."""
    data = posted(request, "address")
    if data is not None and len(data.getlist("address")) != 1:
        message = "one address, and no more"
        raise BadRequest(message)
    form = AddressForm(data)
    outcome = submit(form, lambda: address_changes.ask(by=request.caller, email=form.cleaned_data["address"]))
    if isinstance(outcome, Done):
        messages.success(request, _("A letter is on its way to %(address)s.") % {"address": form.cleaned_data["address"]})
        return redirect("console:me")
    title = _("Change your address")
    page = FormPage(
        (Crumb(_("Your account"), reverse("console:me")), Crumb(title)),
        title,
        _("Mail me the proof"),
        reverse("console:me"),
        eyebrow=request.reader.address,
        facts=(
            Fact(_("Until it is proven you sign in with the present one."), "mail"),
            Fact(_("The present address is told when it is yours no more."), "message-square"),
            Fact(_("What you may do stays with you."), "circle-check"),
        ),
    )
    return form_page(request, page, form, outcome)


@require_POST
def verify(request: Request) -> HttpResponse:
    """Mail a proof to one's own address, which is not proven yet."""
    posted(request)
    outcome = attempt(lambda: address_changes.ask(by=request.caller, email=request.reader.address))
    if isinstance(outcome, Refused):
        messages.error(request, " ".join(outcome.lines))
    else:
        messages.success(request, _("A letter is on its way to %(address)s.") % {"address": request.reader.address})
    return redirect("console:me")


@require_POST
def drop(request: Request) -> HttpResponse:
    """Drop the change that waits for its proof."""
    posted(request)
    address_changes.drop(by=request.caller)
    messages.success(request, _("The change is dropped: the link in the letter opens nothing any more."))
    return redirect("console:me")


@login_not_required
@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Read a proof's secret into the session and go on to an address without it. Nothing is used up: mail programs look at links too."""
    found = proofs.read_mailed(Purpose.VERIFICATION, secret)
    request.session[PROOF] = [found.number, found.generation] if found else None
    answer = redirect("console:verify-confirm")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Ask whether the address is taken, and take it as proven."""
    signed_in = caller(request)
    by, (number, generation) = signed_in or newcomer(request), request.session.get(PROOF) or (0, 0)
    waiting = queries.waiting(by=by, number=number, generation=generation)
    if waiting is None:
        return _gone(request)
    if waiting.is_anothers:
        return doorstep(request, _question(waiting, ways=() if signed_in else (_sign_in(),)))
    data, about = posted(request, ABOUT), mark(number, generation)
    outcome: Done[object] | Refused | None = mistaken(data, about)
    if data is not None and outcome is None:
        outcome = attempt(lambda: address_changes.prove(by=by, number=number, generation=generation))
    if isinstance(outcome, Done):
        request.session.pop(PROOF, None)
        if signed_in is None:
            messages.success(
                request, _("The address %(address)s is proven. Sign in, or choose a new password.") % {"address": waiting.address}
            )
            return redirect("console:sign-in")
        messages.success(request, _("The address %(address)s is proven.") % {"address": waiting.address})
        return redirect("console:me")
    return doorstep(request, _question(waiting, _("Yes, use it"), about), None, outcome)


def _question(waiting: queries.WaitingChange, submit: str = "", about: str = "", ways: tuple[tuple[str, str], ...] = ()) -> Doorstep:
    names = {"name": waiting.name, "address": waiting.address}
    first = Fact(_("If you are %(name)s, sign in first, with the address that you have used until now.") % names, "log-in")
    leave = Fact(_("If you are not %(name)s, leave this page: then nothing changes.") % names, "circle-alert")
    lead = _("%(name)s wants to use %(address)s here.") % names
    return Doorstep(_("Is this your address?"), lead, submit, "mail-check", (leave,) if submit else (first, leave), ways, about)


def _sign_in() -> tuple[str, str]:
    """Return the way in for who has to prove first that it is they who asked."""
    return f"{reverse('console:sign-in')}?{urlencode({'next': reverse('console:verify-confirm')})}", _("Sign in")


def _gone(request: Request) -> HttpResponse:
    page = Doorstep(
        _("This link does not work any more"),
        _("It was used, it is too old, or the change was dropped. Ask for another one in your account."),
        icon="link-2-off",
        ways=((reverse("console:me"), _("Your account")),),
    )
    answer = doorstep(request, page)
    answer.status_code = 410
    return answer
