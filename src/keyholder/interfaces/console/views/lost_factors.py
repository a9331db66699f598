"""A lost second factor: an operator takes somebody's away, after being asked, and after proving who they are themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.forms.people import ReasonForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.http.entering import proven
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import lost_factors
from keyholder.services.queries import directory
from keyholder.services.queries.people import person


@require_http_methods(["GET", "HEAD", "POST"])
@proven
def remove(request: Request, pk: int) -> HttpResponse:
    """Ask before every second factor of a person is removed, and why; for an operator."""
    directory.require(by=request.caller)
    found = person(by=request.caller, of=PrincipalId(pk))
    form = ReasonForm(posted(request, "reason"))
    outcome = submit(form, lambda: lost_factors.remove(by=request.caller, user=found.principal.id, reason=form.cleaned_data["reason"]))
    name = {"name": found.principal.shown}
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s has no second factor any more.") % name)
        return redirect("console:person", pk)
    title = _("Remove every second factor of %(name)s") % name
    above = Crumb(_("People"), reverse("console:people"))
    context = {
        "crumbs": (above, Crumb(found.principal.shown, principals.url_of(found.principal)), Crumb(title)),
        "who": principals.who(found.principal, found.badges),
        "title": title,
        "about": found.principal.address,
        "consequences": (
            Fact(_("Their authenticators, passkeys and recovery codes work no more."), "shield-off"),
            Fact(
                _("From then on a password, or an identity provider, alone lets %(name)s in, until they set up another.") % name,
                "key-round",
            ),
            Fact(_("All sessions of %(name)s end, and a letter tells them if their address is proven.") % name, "log-out"),
            Fact(_("Make sure that it is %(name)s who asks: by a call, or face to face.") % name, "triangle-alert"),
        ),
        "form": form,
        "verb": _("Remove them"),
        "danger": True,
        "back_url": principals.url_of(found.principal),
    }
    return filled(request, "confirm.html", context, outcome)
