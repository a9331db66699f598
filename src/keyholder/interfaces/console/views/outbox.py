"""The outbox: letters by where they are, and what an operator does with those that went wrong."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.letters import LetterState
from keyholder.interfaces.console.forms.outbox import RETRY, LettersForm
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import posted
from keyholder.interfaces.console.shown import outbox as shown
from keyholder.interfaces.console.shown.paging import pages, query
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import outbox
from keyholder.services.queries import mail_settings
from keyholder.services.queries import outbox as queries


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """List letters; send again or discard those that were ticked."""
    state = shown.state(request.GET.get("state", ""))
    found = queries.outbox(by=request.caller, state=state, cursor=request.GET.get("cursor", ""))
    form = LettersForm(posted(request, *LettersForm.base_fields))
    if form.is_bound and form.is_valid():
        act = form.cleaned_data["act"]
        command = outbox.retry if act == RETRY else outbox.discard
        messages.success(request, shown.done(act, command(by=request.caller, letters=form.letters)))
        return redirect(reverse("console:mail-outbox") + query({"state": "" if state is LetterState.WAITING else state.value}))
    context = {
        "crumbs": (Crumb(_("Mail"), reverse("console:mail")), Crumb(_("Outbox"))),
        "tabs": shown.pages(found.counts[LetterState.DEAD], in_outbox=True),
        "states": shown.states(found, state),
        "state": state.value,
        "rows": shown.rows(found, request.caller.at),
        "is_movable": state in shown.MOVABLE,
        "is_set_up": mail_settings.is_mailing(by=request.caller),
        "pages": pages(found.counts[state], found.previous, found.next, {"state": state.value}),
    }
    return render(request, "outbox.html", context, status=422 if form.is_bound else 200)
