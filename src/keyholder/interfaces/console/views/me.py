"""One's own account: name, language, password, sessions."""

from django.contrib import auth, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.forms.people import OwnPasswordForm, PersonNameForm
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, attempt, posted, submit
from keyholder.interfaces.console.rendering import Outcome, filled
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.sessions import was_proven_lately
from keyholder.services.commands import identities as commands
from keyholder.services.commands import people, signing_in
from keyholder.services.queries import factors, identities, sessions


@require_safe
def show(request: Request) -> HttpResponse:
    """Show one's own account."""
    return _page(request)


@require_POST
def rename(request: Request) -> HttpResponse:
    """Change one's own name."""
    form = PersonNameForm(posted(request, "name"))
    outcome = submit(form, lambda: people.rename_user(by=request.caller, user=_me(request), name=form.cleaned_data["name"]))
    if not isinstance(outcome, Done):
        return _page(request, outcome, name_form=form)
    messages.success(request, _("The name was changed."))
    return redirect("console:me")


@sensitive_post_parameters("old", "password", "again")
@require_POST
def password(request: Request) -> HttpResponse:
    """Change one's own password; every session ends, this one as well."""
    form = OwnPasswordForm(posted(request, "old", "password", "again"))
    outcome = submit(form, lambda: _change(request, form))
    if not isinstance(outcome, Done):
        return _page(request, outcome, password_form=form)
    auth.logout(request)
    messages.success(request, _("Your password was changed, and every session has ended. Sign in with the new one."))
    return redirect("console:sign-in")


@require_POST
def sign_out_everywhere(request: Request) -> HttpResponse:
    """End every session of one's own, this one as well."""
    posted(request)
    signing_in.sign_out_everywhere(by=request.caller)
    auth.logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("console:sign-in")


@require_POST
def unlink(request: Request, pk: int) -> HttpResponse:
    """Unlink one's own account from a provider."""
    posted(request)
    outcome = attempt(lambda: commands.unlink(by=request.caller, identity=pk))
    if not isinstance(outcome, Done):
        return _page(request, outcome)
    messages.success(request, _("Your account is not linked with it any more."))
    return redirect("console:me")


def _me(request: Request) -> PrincipalId:
    return PrincipalId(request.caller.principal or 0)


def _change(request: Request, form: OwnPasswordForm) -> None:
    signing_in.change_password(by=request.caller, old=form.cleaned_data["old"], new=form.cleaned_data["password"])


def _page(
    request: Request, outcome: Outcome = None, name_form: PersonNameForm | None = None, password_form: OwnPasswordForm | None = None
) -> HttpResponse:
    context = {
        "crumbs": (Crumb(_("Your account")),),
        "name_form": name_form or PersonNameForm(initial={"name": request.reader.name}),
        "password_form": password_form or OwnPasswordForm(),
        "links": identities.own(by=request.caller),
        "was_proven_lately": was_proven_lately(request),
        "own": factors.own(by=request.caller),
        "sessions": sessions.own(by=request.caller, key=request.session.session_key or ""),
        "person_url": reverse("console:person", args=[_me(request)]),
    }
    return filled(request, "me.html", context, outcome)
