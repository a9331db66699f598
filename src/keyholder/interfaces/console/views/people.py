"""People: one person's page, and the list of everybody for an operator (R017, R063, R064)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.domain.activity import Filters
from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.forms.people import PersonForm
from keyholder.interfaces.console.parts.marks import Act
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import FormPage, form_page
from keyholder.interfaces.console.shown import directory as listed
from keyholder.interfaces.console.shown import happenings, principals, trees
from keyholder.interfaces.console.shown import people as shown
from keyholder.interfaces.console.shown.paging import pages, query
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import people as commands
from keyholder.services.queries import directory, factors, people, sessions
from keyholder.services.queries.activity import activity
from keyholder.services.queries.directory import Whom
from keyholder.services.queries.people import Person

LATELY = 5
"""Events in the short list."""


@require_safe
def person(request: Request, pk: int) -> HttpResponse:
    """Show everything the reader may know of a person."""
    found = people.person(by=request.caller, of=PrincipalId(pk))
    lately = activity(by=request.caller, filters=Filters(subject=found.principal.id, doings=True), size=LATELY).entries
    is_operator = request.reader.is_operator
    context = {
        "crumbs": crumbs(request, found.principal.shown),
        "who": principals.who(found.principal, found.badges),
        "status": found.status.value,
        "why_url": reverse("console:explain") + query({"who": found.principal.address}),
        "acts": shown.acts(found, is_operator=is_operator),
        "operators_acts": _operators_acts(request, found) if is_operator else (),
        "sessions": sessions.of_person(by=request.caller, user=found.principal.id) if is_operator else (),
        "remarks": shown.remarks(found),
        "platforms": trees.platforms(found.platforms, found.principal.id),
        "last_seen": found.last_seen,
        "about": shown.about(found),
        "groups": shown.groups(found),
        "activity_url": reverse("console:activity") + query({"subject": found.principal.address}),
        "happenings": happenings.happenings(lately),
    }
    return render(request, "person.html", context)


@require_safe
def index(request: Request) -> HttpResponse:
    """List everybody of the instance; for an operator."""
    text, whom = request.GET.get("q", ""), listed.whom(request.GET.get("whom", ""))
    found = directory.directory(by=request.caller, whom=whom, text=text, cursor=request.GET.get("cursor", ""))
    kept = {"whom": "" if whom is Whom.EVERYBODY else whom.value, "q": text}
    context = {
        "crumbs": (Crumb(_("People")),),
        "tabs": listed.tabs(found, whom, text),
        "rows": listed.rows(found),
        "query": text,
        "kept": [("whom", kept["whom"])] if kept["whom"] else [],
        "pages": pages(found.total, found.previous, found.next, kept),
    }
    return render(request, "people.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request) -> HttpResponse:
    """Ask for a new person, and make them; for an operator."""
    directory.require(by=request.caller)
    form = PersonForm(posted(request, *PersonForm.base_fields))
    outcome = submit(form, lambda: _make(request, form))
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s can be given access now.") % {"name": form.cleaned_data["name"]})
        return redirect("console:person", outcome.value)
    page = FormPage(
        (Crumb(_("People"), reverse("console:people")), Crumb(_("New person"))),
        _("New person"),
        _("Create the person"),
        reverse("console:people"),
        lead=_("Whoever is to be given anything has a person here first, known by an address."),
    )
    return form_page(request, page, form, outcome)


def crumbs(request: Request, *ends: str) -> tuple[Crumb, ...]:
    """Return the way to a person's page: by the list of people, for who may see it."""
    above = (Crumb(_("People"), reverse("console:people")),) if request.reader.is_operator else (Crumb(_("Home"), reverse("console:home")),)
    return (*above, *map(Crumb, ends))


def _operators_acts(request: Request, found: Person) -> tuple[Act, ...]:
    return shown.operators_acts(found, has_factor=factors.has_any(by=request.caller, user=found.principal.id))


def _make(request: Request, form: PersonForm) -> PrincipalId:
    given = form.cleaned_data
    password = given["password"] or None
    return commands.create_user(by=request.caller, email=given["email"], name=given["name"], operator=given["operator"], password=password)
