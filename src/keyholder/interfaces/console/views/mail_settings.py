"""Settings of the mail: the server that takes it, a test mail, and doing without; for an operator (R-KEY-2)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from keyholder.domain.letters import LetterState
from keyholder.domain.mail_settings import Security
from keyholder.interfaces.console.forms.mail_settings import MailSettingsForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, Outcome, confirmation, filled
from keyholder.interfaces.console.shown import outbox as shown
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.jobs import trial
from keyholder.services.authority import not_there
from keyholder.services.commands import mail_settings
from keyholder.services.queries import mail_settings as queries
from keyholder.services.queries import outbox
from keyholder.services.queries.mail_settings import MailSettingsView


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request) -> HttpResponse:
    """Show the mail server, and set it; its password is taken and never shown."""
    found = queries.mail_settings(by=request.caller)
    form = _form(found, posted(request, *MailSettingsForm.base_fields))
    outcome = submit(form, lambda: _configure(request, form))
    if isinstance(outcome, Done):
        messages.success(request, _("The mail server was saved. Send a test mail to see whether it works."))
        return redirect("console:mail")
    return _page(request, found, form, outcome)


@require_POST
def test(request: Request) -> HttpResponse:
    """Send a test mail to the reader's own address, and say what went wrong."""
    found = queries.mail_settings(by=request.caller)
    posted(request)
    outcome = attempt(lambda: trial.send(by=request.caller))
    if isinstance(outcome, Done):
        messages.success(
            request, _("The mail server took a test mail to %(address)s. Look whether it arrives.") % {"address": outcome.value}
        )
        return redirect("console:mail")
    return _page(request, found, _form(found, None), outcome, title=_("The test mail was not sent."))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request) -> HttpResponse:
    """Ask before the instance does without mail; then do it."""
    found = queries.mail_settings(by=request.caller)
    if found is None:
        raise not_there()
    outcome = attempt(lambda: mail_settings.remove(by=request.caller)) if posted(request) is not None else None
    if isinstance(outcome, Done):
        messages.success(request, _("The mail server was removed: nothing is mailed from now on."))
        return redirect("console:mail")
    page = Confirmation(
        (Crumb(_("Mail"), reverse("console:mail")), Crumb(_("Remove the mail server"))),
        _("Remove the mail server"),
        _("Remove it"),
        reverse("console:mail"),
        icon="mail-x",
        about=found.settings.host,
        consequences=(
            Fact(_("Nothing is mailed any more: links of invitations are handed over by hand."), "mail-x"),
            Fact(_("Nobody gets a link for a new password by mail."), "key-round"),
            Fact(_("Letters that wait go on waiting, until there is a mail server again."), "hourglass"),
        ),
    )
    return confirmation(request, page, outcome)


def _form(found: MailSettingsView | None, data: object) -> MailSettingsForm:
    initial = MailSettingsForm.of(found.settings) if found else None
    return MailSettingsForm(data, initial=initial, has_password=found is not None and found.has_password)


def _configure(request: Request, form: MailSettingsForm) -> None:
    given = form.cleaned_data
    mail_settings.configure(
        by=request.caller,
        host=given["host"],
        port=given["port"],
        security=Security(given["security"]),
        username=given["username"],
        password=given["password"] or None,
        sender=given["sender"],
    )


def _page(request: Request, found: MailSettingsView | None, form: MailSettingsForm, outcome: Outcome, title: str = "") -> HttpResponse:
    dead = outbox.counts(by=request.caller)[LetterState.DEAD]
    context = {
        "crumbs": (Crumb(_("Mail")),),
        "tabs": shown.pages(dead, in_outbox=False),
        "form": form,
        "is_set_up": found is not None,
        "address": request.reader.address,
        "refusal_title": title,
    }
    return filled(request, "mail_settings.html", context, outcome)
