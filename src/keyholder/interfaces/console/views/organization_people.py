"""An organization's people: the list, their roles, suspending them within it (R084, semantics 2 and 5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.domain.principals import OrganizationRole
from keyholder.interfaces.console.forms.organizations import AppointForm, RoleForm
from keyholder.interfaces.console.parts.lists import Column
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, FormPage, confirmation, form_page
from keyholder.interfaces.console.shown import groups, principals, prospects
from keyholder.interfaces.console.shown import organizations as shown
from keyholder.interfaces.console.shown.paging import pages
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import organization_roles as commands
from keyholder.services.queries import organization_people, organizations
from keyholder.services.queries import prospects as queries
from keyholder.services.queries.organization_people import Kind


@require_safe
def people(request: Request, pk: int) -> HttpResponse:
    """Show the people of an organization, all or those of one kind."""
    page = organizations.organization(by=request.caller, of=OrganizationId(pk))
    asked, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    kind = Kind(asked) if asked in set(Kind) else Kind.EVERYBODY
    cursor = request.GET.get("cursor", "")
    found = organization_people.people(by=request.caller, of=page.organization.id, kind=kind, search=text, cursor=cursor)
    context = {
        "crumbs": shown.crumbs(page.organization, _("People")),
        "page": page,
        "tabs": shown.tabs(page, "people"),
        "kinds": shown.kinds(found, kind),
        "columns": tuple(map(Column, (_("Person"), _("Role"), _("Last seen")))),
        "rows": shown.people(found, request.caller.principal),
        "removing": shown.removing(page) if kind is Kind.OUTSIDE and found.rows else (),
        "query": text,
        "kept": [] if kind is Kind.EVERYBODY else [("kind", kind.value)],
        "clear_url": shown.people_url(page.organization),
        "pages": pages(found.totals[kind], found.previous, found.next, {"kind": asked, "q": text}),
    }
    return render(request, "organization_people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: Request, pk: int) -> HttpResponse:
    """Make a known person an admin or a user admin."""
    page = organizations.organization(by=request.caller, of=OrganizationId(pk), administering=True)
    home, form = page.organization, AppointForm(posted(request, "address", "role"))
    typed = [form.cleaned_data["address"]] if form.is_valid() else []
    found = queries.of_leaders(by=request.caller, organization=home.id, typed=typed)
    outcome: Done[object] | Refused | None = Refused((), 422) if form.is_bound else None
    person = found[0].principal if found else None
    if person is not None:
        role = OrganizationRole(form.cleaned_data["role"])
        outcome = submit(form, lambda: commands.appoint(by=request.caller, organization=home.id, user=person.id, role=role))
        if isinstance(outcome, Done):
            messages.success(request, _("%(name)s has the role now.") % {"name": person.shown})
            return redirect(groups.home_url(home))
    for line in prospects.checked(found) if person is None else ():
        form.add_error("address", f"{line.verdict}. {line.detail}".strip())
    shape = FormPage(
        shown.crumbs(home, _("Appoint somebody")), _("Appoint somebody"), _("Appoint"), groups.home_url(home), eyebrow=home.name
    )
    return form_page(request, shape, form, outcome)


@require_http_methods(["GET", "HEAD", "POST"])
def role(request: Request, pk: int, person: int) -> HttpResponse:
    """Change what somebody is in an organization; everybody may give up their own role."""
    home = organizations.organization(by=request.caller, of=OrganizationId(pk)).organization
    found = organization_people.person(by=request.caller, of=home.id, number=PrincipalId(person))
    form = RoleForm(posted(request, "role"), initial={"role": found.role.value if found.role else ""})

    def save() -> None:
        if form.cleaned_data["role"]:
            wanted = OrganizationRole(form.cleaned_data["role"])
            commands.appoint(by=request.caller, organization=home.id, user=found.person.id, role=wanted)
        elif found.role is not None:
            commands.dismiss(by=request.caller, organization=home.id, user=found.person.id)

    outcome = submit(form, save)
    if isinstance(outcome, Done):
        messages.success(request, _("Saved."))
        return redirect(groups.home_url(home))
    title = _("What %(name)s is in %(organization)s") % {"name": found.person.shown, "organization": home.name}
    shape = FormPage(shown.crumbs(home, _("Role")), title, _("Save"), shown.people_url(home), eyebrow=home.name)
    return form_page(request, shape, form, outcome)


@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: Request, pk: int, person: int) -> HttpResponse:
    """Suspend somebody within an organization; nothing of theirs is deleted."""
    facts = (
        Fact(_("Nothing they hold counts any more at what is linked to the organization, from now on."), "ban"),
        Fact(_("All their sign-in sessions end. Other organizations are untouched."), "log-out"),
        Fact(_("Nothing is deleted: make them active again, and all of it counts again."), "rotate-ccw"),
    )
    return _settle(request, pk, person, _("Suspend %(name)s"), facts, is_out=True)


@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: Request, pk: int, person: int) -> HttpResponse:
    """Make somebody active again within an organization."""
    facts = (Fact(_("Everything they hold at what is linked to the organization counts again, at once."), "rotate-ccw"),)
    return _settle(request, pk, person, _("Make %(name)s active again"), facts, is_out=False)


def _settle(request: Request, pk: int, person: int, verb: str, facts: tuple[Fact, ...], *, is_out: bool) -> HttpResponse:
    by, command = request.caller, commands.suspend_person if is_out else commands.activate_person
    home = organizations.organization(by=by, of=OrganizationId(pk)).organization
    found = organization_people.person(by=by, of=home.id, number=PrincipalId(person))
    data = posted(request)
    outcome = None if data is None else attempt(lambda: command(by=by, organization=home.id, user=found.person.id))
    name = {"name": found.person.shown, "organization": home.name}
    if isinstance(outcome, Done):
        text = _("%(name)s is suspended in %(organization)s.") if is_out else _("%(name)s is active in %(organization)s again.")
        messages.success(request, text % name)
        return redirect(shown.people_url(home))
    question = Confirmation(
        crumbs=shown.crumbs(home, _("People")),
        title=(_("Suspend %(name)s in %(organization)s") if is_out else verb) % name,
        verb=verb % name,
        back_url=shown.people_url(home),
        who=principals.who(found.person, linked=False),
        about=found.person.address,
        consequences=facts,
        danger=is_out,
    )
    return confirmation(request, question, outcome)
