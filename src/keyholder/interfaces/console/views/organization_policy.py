"""An organization's user policy: whom it takes, and who would be outside, told before anything is saved (R085 to R088)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import OrganizationId
from keyholder.domain.policies import Policy
from keyholder.interfaces.console.forms.organizations import PolicyForm
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import groups
from keyholder.interfaces.console.shown import organizations as shown
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import words
from keyholder.services.commands import organizations as commands
from keyholder.services.outsiders import Outsider
from keyholder.services.queries import organizations, policies

FIELDS = ("mode", "allowed_domains", "allowed_addresses", "blocked_addresses", "verified_only", "step")
FEW = 20
"""People outside that the page names; the number says how many there are."""


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: Request, pk: int) -> HttpResponse:
    """Show the policy, say who would be outside another one, then set it."""
    page = organizations.organization(by=request.caller, of=OrganizationId(pk), administering=True)
    home, data = page.organization, posted(request, *FIELDS)
    form = PolicyForm(data, initial=PolicyForm.of(page.policy))
    if data is not None and data.get("step") == "save":
        saved = submit(form, lambda: commands.set_policy(by=request.caller, organization=home.id, policy=form.policy()))
        if isinstance(saved, Done):
            messages.success(request, _said(saved.value))
            return redirect(groups.home_url(home))
        return filled(request, "organization_policy.html", _context(page, form, None), saved)
    found = submit(form, lambda: _outside(request, home.id, form.policy()))
    outside = found.value if isinstance(found, Done) else None
    return filled(request, "organization_policy.html", _context(page, form, outside), found)


def _outside(request: Request, home: OrganizationId, policy: Policy) -> tuple[Outsider, ...]:
    return policies.outside(by=request.caller, organization=home, policy=policy)


def _context(page: organizations.OrganizationPage, form: PolicyForm, outside: tuple[Outsider, ...] | None) -> dict[str, object]:
    lines = [(outsider.name, outsider.email, words(outsider.why)) for outsider in (outside or ())[:FEW]]
    return {
        "crumbs": shown.crumbs(page.organization, _("User policy")),
        "page": page,
        "form": form,
        "reviewed": outside is not None,
        "outside": len(outside or ()),
        "lines": lines,
        "rest": max(0, len(outside or ()) - FEW),
        "back_url": groups.home_url(page.organization),
    }


def _said(outside: int) -> str:
    if not outside:
        return _("The policy holds now. Nobody is outside it.")
    text = ngettext(
        "The policy holds now. %(count)d person is outside it.", "The policy holds now. %(count)d people are outside it.", outside
    )
    return text % {"count": outside}
