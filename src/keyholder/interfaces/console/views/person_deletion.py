"""Deleting a person: an operator is told what goes, proves who they are, and says why (semantics 2)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.forms.people import ReasonForm
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, Refused, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, confirmation
from keyholder.interfaces.console.shown import person_deletions as shown
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.http.entering import proven
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import person_deletion as commands
from keyholder.services.queries import person_deletion


@require_http_methods(["GET", "HEAD", "POST"])
@proven
def delete(request: Request, pk: int) -> HttpResponse:
    """Say what goes with a person, and what is against it; then delete them."""
    found = person_deletion.preview(by=request.caller, user=PrincipalId(pk))
    form = ReasonForm(posted(request, "reason"))
    outcome = submit(form, lambda: commands.delete(by=request.caller, user=found.principal.id, reason=form.cleaned_data["reason"]))
    name = {"name": found.principal.shown}
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s was deleted.") % name)
        return redirect("console:people")
    against = shown.against(found)
    title, above = _("Delete %(name)s") % name, Crumb(_("People"), reverse("console:people"))
    page = Confirmation(
        (above, Crumb(found.principal.shown, principals.url_of(found.principal)), Crumb(title)),
        title,
        "" if against else title,
        principals.url_of(found.principal),
        who=principals.who(found.principal),
        about=found.principal.address,
        consequences=shown.consequences(found),
        form=form,
    )
    return confirmation(request, page, outcome or (Refused(against, 200) if against else None))
