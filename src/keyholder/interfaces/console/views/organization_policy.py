"""An organization's user policy: whom it takes, and who would be outside, told before anything is saved (R085 to R088)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import OrganizationId
from keyholder.domain.policies import Policy
from keyholder.interfaces.console import reviewing
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
from keyholder.services.queries.organization_people import Kind

FIELDS = ("mode", "allowed_domains", "allowed_addresses", "blocked_addresses", "verified_only", "step", reviewing.FIELD)
FEW = 20
"""People outside that the page names; the number says how many there are."""


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: Request, pk: int) -> HttpResponse:
    """Show the policy, say who would be outside another one, then set it."""
    page = organizations.organization(by=request.caller, of=OrganizationId(pk), administering=True)
    home, data = page.organization, posted(request, *FIELDS)
    form = PolicyForm(data, initial=PolicyForm.of(page.policy))
    found = submit(form, lambda: _review(request, home.id, form.policy()))
    to_save = data is not None and data.get("step") == "save"
    if to_save and isinstance(found, Done) and reviewing.was_reviewed(request, found.value.seal):
        saved = submit(form, lambda: commands.set_policy(by=request.caller, organization=home.id, policy=found.value.policy))
        if isinstance(saved, Done):
            messages.success(request, _said(saved.value))
            return redirect(_next(page, saved.value))
        return filled(request, "organization_policy.html", _context(page, form, None), saved)
    review = found.value if isinstance(found, Done) else None
    return filled(request, "organization_policy.html", {**_context(page, form, review), "is_stale": to_save and review is not None}, found)


@dataclass(frozen=True)
class Review:
    """Who would be outside a policy: people, and how many invitations; ``seal`` stands for exactly this."""

    policy: Policy
    people: tuple[Outsider, ...]
    invitations: int

    @property
    def seal(self) -> str:
        """Return what the form sends back (R087)."""
        return reviewing.digest("policy", self.policy, [person.principal for person in self.people], self.invitations)


def _review(request: Request, home: OrganizationId, policy: Policy) -> Review:
    people = policies.outside(by=request.caller, organization=home, policy=policy)
    return Review(policy, people, policies.invitations_outside(by=request.caller, organization=home, policy=policy))


def _next(page: organizations.OrganizationPage, outside: int) -> str:
    """Lead to those who are outside, where there are any."""
    return shown.people_url(page.organization, Kind.OUTSIDE) if outside else groups.home_url(page.organization)


def _context(page: organizations.OrganizationPage, form: PolicyForm, review: Review | None) -> dict[str, object]:
    outside = review.people if review is not None else ()
    lines = [(outsider.name, outsider.email, words(outsider.why)) for outsider in outside[:FEW]]
    return {
        "crumbs": shown.crumbs(page.organization, _("User policy")),
        "page": page,
        "form": form,
        "reviewed": review.seal if review is not None else "",
        "outside": len(outside),
        "invitations": review.invitations if review is not None else 0,
        "lines": lines,
        "rest": max(0, len(outside) - FEW),
        "back_url": groups.home_url(page.organization),
    }


def _said(outside: int) -> str:
    if not outside:
        return _("The policy holds now. Nobody is outside it.")
    text = ngettext(
        "The policy holds now. %(count)d person is outside it.", "The policy holds now. %(count)d people are outside it.", outside
    )
    return text % {"count": outside}
