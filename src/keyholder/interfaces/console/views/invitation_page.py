"""The page of an invitation, for whoever holds its link: looking changes nothing, answering is a form (R-INV-14, R-INV-15).

The link's secret stands in one address only, which leads on at once: the session remembers what the secret turned out to be, never the
secret itself, and the page is shown at an address that tells nothing.
"""

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.domain.invitations import Link, Says, Way
from keyholder.domain.refusals import NotFound, TooMany
from keyholder.domain.sentences import sentence
from keyholder.interfaces.console.forms.invitation_page import NewcomerForm, OwnAddressForm, ProvenForm
from keyholder.interfaces.console.posting import Refused, attempt, posted, submit
from keyholder.interfaces.console.shown import invitation_page as shown
from keyholder.interfaces.http import errors
from keyholder.interfaces.http.callers import newcomer
from keyholder.interfaces.http.entering import INVITATION, go_on
from keyholder.interfaces.http.refusals import reasons, status_of
from keyholder.interfaces.http.sessions import proven_as
from keyholder.interfaces.http.wording import words
from keyholder.services import known_providers
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.commands import accepting, asking_again, signing_in
from keyholder.services.commands.accepting import CHANGED, Accepted, Answer
from keyholder.services.commands.signing_in import How
from keyholder.services.invitation_links import opened
from keyholder.services.queries.invitation_page import InvitationPage, Visitor, invitation_page

BY_PASSWORD = frozenset({Visitor.NEW, Visitor.UNPROVEN, Visitor.EITHER})
"""Who accepts by choosing a password."""
SHOWN_FIRST = frozenset({"decline", "ask"})
"""Answers that settle something for good, or tell others of it, without naming what they are about."""
GONE, CONFLICT = 410, 409
Form = NewcomerForm | ProvenForm | OwnAddressForm


@login_not_required
@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Take a link, remember what it leads to, and go on to the page at an address without a secret.

    No page that is reached from here knows this address, whatever the answer is. The page at the clean address may be known to our own
    pages: a form that says nothing of whence it comes would be refused.
    """
    try:
        _keep(request, opened(by=newcomer(request), secret=secret))
    except (NotFound, TooMany) as refusal:
        answer = errors.page(request, status_of(refusal), reasons(refusal) if isinstance(refusal, TooMany) else ())
    else:
        answer = redirect("console:invitation")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show the invitation; take the answer."""
    link = _kept(request)
    data = posted(request, "answer", "seen", "name", "password", "again", "address")  # type: ignore[arg-type]  # who is not signed in answers as well
    answer = data.get("answer", "") if data is not None else ""
    if answer == "switch":
        return _switch(request, link)
    found = _found(request, link)
    form = _form(request, found, answer, data)
    outcome = _mistaken(found, answer, data) or (ANSWERS[answer](request, link, found, form) if answer in ANSWERS else None)
    if isinstance(outcome, HttpResponse):
        return outcome
    found = _found(request, link) if outcome is not None else found
    said = proven_as(request) if not request.user.is_authenticated else None
    context = {
        "page": shown.page(found),
        "form": form,
        "asked": request.session.get(shown.ASKED) == link.invitation,
        "refusals": outcome.lines if outcome is not None else (),
        "providers": known_providers.offered() if found.visitor in BY_PASSWORD | {Visitor.HERE} else (),
        "said": said,
        "visitor_address": said.address.shown if said is not None else getattr(request.user, "email", ""),
        "sign_in_url": f"{reverse('console:sign-in')}?next={reverse('console:invitation')}",
        "support": settings.SUPPORT_EMAIL,
    }
    return render(request, "invitation.html", context, status=outcome.status if outcome is not None else _status(found))


def _mistaken(found: InvitationPage, answer: str, data: QueryDict | None) -> Refused | None:
    """Refuse an answer to something else than what is shown now: another link may have been opened in the same browser (R-INV-9).

    Accepting is judged by its command, which knows who has accepted already.
    """
    is_other = data is not None and answer in SHOWN_FIRST and data.get("seen") != found.fingerprint
    return Refused((words(sentence(CHANGED)),), CONFLICT, "changed") if is_other else None


def _found(request: HttpRequest, link: Link) -> InvitationPage:
    said = proven_as(request) if not request.user.is_authenticated else None
    return invitation_page(by=_reader(request), link=link, proven=said.address.canonical if said else "")


def _form(request: HttpRequest, found: InvitationPage, answer: str, data: QueryDict | None) -> Form:
    """Return the form for who is new: a name, and a password where no provider has proven who they are.

    By a used link there is only an address to give, for who is not signed in: whoever asks is not who was invited.
    """
    said = proven_as(request)
    if found.says is Says.USED:
        needed = data if answer == "ask" and not request.user.is_authenticated else None
        return OwnAddressForm(needed, initial={"address": said.address.shown if said else ""})
    joining = data if answer == "join" else None
    if found.visitor is Visitor.PROVEN and said is not None:
        return ProvenForm(joining, initial={"name": said.name})
    return NewcomerForm(joining)


def _join(request: HttpRequest, link: Link, found: InvitationPage, form: Form) -> HttpResponse | Refused | None:
    """Accept as somebody who chooses a password, a new person or one whose address this very link proves; or by what a provider proved."""
    said = proven_as(request)
    if found.visitor not in BY_PASSWORD | {Visitor.PROVEN}:
        return None

    def accept() -> Accepted:
        if found.visitor is Visitor.PROVEN and said is not None:
            given = form.cleaned_data
            return accepting.accept_as_proven(by=newcomer(request), link=link, seen=given["seen"], said=said, name=given["name"])
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        return accepting.accept_with_password(by=newcomer(request), link=link, seen=form.cleaned_data["seen"], name=name, password=password)

    outcome = submit(form, accept)
    if outcome is None or isinstance(outcome, Refused):
        return outcome
    accepted = outcome.value
    if accepted.person is None:
        return _answered(request, link, accepted)
    _keep(request, link)
    through = said.issuer if found.visitor is Visitor.PROVEN and said is not None else ""
    how = How.PROVIDER if through else How.INVITATION
    admission = signing_in.admit(by=newcomer(request), user=accepted.person, how=how)
    return go_on(request, admission, reverse("console:invitation"), through=through)


def _accept(request: HttpRequest, link: Link, found: InvitationPage, _form: Form) -> HttpResponse | Refused | None:
    """Accept by a click, as who is signed in."""
    if found.visitor in BY_PASSWORD | {Visitor.HERE, Visitor.PROVEN}:
        return None
    outcome = attempt(lambda: accepting.accept(by=_reader(request), link=link, seen=request.POST.get("seen", "")))
    return outcome if isinstance(outcome, Refused) else _answered(request, link, outcome.value)


def _decline(request: HttpRequest, link: Link, _found: InvitationPage, _form: Form) -> HttpResponse | Refused:
    outcome = attempt(lambda: accepting.decline(by=_reader(request), link=link))
    return outcome if isinstance(outcome, Refused) else _again(request, link)


def _ask(request: HttpRequest, link: Link, found: InvitationPage, form: Form) -> HttpResponse | Refused | None:
    """Ask for a new invitation, or for somebody who can give what this one holds; the answer tells nothing of what there is (R110)."""
    said = proven_as(request)

    def ask() -> bool:
        address = said.address.shown if said is not None and found.visitor is Visitor.ANOTHER else ""
        own = form.cleaned_data["address"] if form.is_bound else address
        return asking_again.ask(by=_reader(request), link=link, email=own, reason=shown.reason(found), language=get_language() or "")

    outcome = submit(form, ask) if form.is_bound else attempt(ask)
    if outcome is None or isinstance(outcome, Refused):
        return outcome
    if not outcome.value:
        return redirect("console:ask-sent")
    request.session[shown.ASKED] = link.invitation
    return _again(request, link)


ANSWERS = {"join": _join, "accept": _accept, "decline": _decline, "ask": _ask}


def _answered(request: HttpRequest, link: Link, accepted: Accepted) -> HttpResponse:
    if accepted.answer is Answer.AWAITING:
        request.session[shown.ASKED] = link.invitation
    return _again(request, link)


def _again(request: HttpRequest, link: Link) -> HttpResponse:
    _keep(request, link)
    return redirect("console:invitation")


def _switch(request: HttpRequest, link: Link) -> HttpResponse:
    """Sign out and keep the link: whoever signs in next finds it."""
    auth.logout(request)
    _keep(request, link)
    return redirect(f"{reverse('console:sign-in')}?next={reverse('console:invitation')}")


def _keep(request: HttpRequest, link: Link) -> None:
    request.session[INVITATION] = [link.invitation, link.generation, link.way.value]


def _kept(request: HttpRequest) -> Link:
    """Return what the session remembers; raises NotFound where no link was opened in it."""
    kept = request.session.get(INVITATION)
    if kept is None:
        raise not_there()
    return Link(kept[0], kept[1], Way(kept[2]))


def _reader(request: HttpRequest) -> Caller:
    """Return who is signed in, or nobody yet."""
    caller: Caller | None = request.caller  # type: ignore[attr-defined]  # interfaces/http/requests.py declares it
    return newcomer(request) if caller is None else caller


def _status(found: InvitationPage) -> int:
    if found.was_accepted_by_reader:
        return 200
    if found.says is not Says.CURRENT:
        return GONE
    return CONFLICT if found.visitor is Visitor.ANOTHER else 200
