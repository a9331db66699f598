"""Why? Whether somebody may do something somewhere, and every reason; the question is the address, to be handed on (R017, R110)."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keyholder.domain.addresses import canon
from keyholder.domain.blueprint import Blueprint
from keyholder.domain.refusals import Invalid, Refusal
from keyholder.interfaces.console.forms.explain import QuestionForm
from keyholder.interfaces.console.parts.access import Answer
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, Refused, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import explain as shown
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.http.requests import Request
from keyholder.services import platforms
from keyholder.services.queries import explanations, references
from keyholder.services.queries.decisions import Asked
from keyholder.services.queries.rights import rights
from keyholder.services.read_models import ResourceView

FIELDS = ("who", "what", "where")


@require_safe
def ask(request: Request) -> HttpResponse:
    """Show the form, and the answer where the address asks a whole question."""
    given = {name: request.GET.get(name, "") for name in FIELDS}
    here = _known(request, given["where"])
    blueprints = [places.blueprint_of(here)] if here else list(platforms.catalogue())
    is_whole = all(given.values())
    initial = {**given, "who": given["who"] or request.reader.address}
    form = QuestionForm(request.GET if is_whole else None, blueprints, initial=initial)
    outcome = submit(form, lambda: _answer(request, form))
    context = {
        "crumbs": (Crumb(_("Why?")),),
        "form": form,
        "answer": outcome.value if isinstance(outcome, Done) else None,
    }
    return filled(request, "explain.html", context, outcome if isinstance(outcome, Refused) else None)


def _answer(request: Request, form: QuestionForm) -> Answer:
    by, given = request.caller, form.cleaned_data
    here = references.resource(by=by, text=given["where"], place="where")
    blueprint = places.blueprint_of(here)
    asked = _asked(_address(request, given["who"]), given["what"], here, blueprint)
    found = explanations.explanation(by=by, asked=asked)
    judged = found.judged_at or here
    return shown.answer(found, asked, here, manages=rights(by=by, at=[judged.id])[judged.id].manage)


def _asked(user: str, what: str, here: ResourceView, blueprint: Blueprint) -> Asked:
    if what in blueprint.permissions:
        return Asked(user, here.ref, permission=what)
    return Asked(user, here.ref, action=what)


def _address(request: Request, text: str) -> str:
    """Return the address that somebody typed, or that of the person whose name it is; raises Invalid."""
    try:
        canon(text)
    except Invalid:
        return references.principal(by=request.caller, text=text, place="who").address
    return text


def _known(request: Request, where: str) -> ResourceView | None:
    """Return the resource that the address asks about, if it names one."""
    try:
        return references.resource(by=request.caller, text=where) if where else None
    except Refusal:
        return None
