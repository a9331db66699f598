"""Who is in a group: adding people, taking members out, giving their membership an end, owners (R071, R077, R078, R080)."""

from dataclasses import dataclass
from secrets import token_bytes

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.domain.windows import ALWAYS, Window
from keyholder.interfaces.console.forms import windows
from keyholder.interfaces.console.forms.groups import MembersForm, UntilForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, FormPage, confirmation, filled, form_page
from keyholder.interfaces.console.shown import additions, gains, principals, prospects
from keyholder.interfaces.console.shown import groups as shown
from keyholder.interfaces.http.redirects import safe_next
from keyholder.interfaces.http.requests import Request
from keyholder.services import proofs
from keyholder.services.commands import group_members as commands
from keyholder.services.commands import nesting
from keyholder.services.commands.group_welcoming import welcome
from keyholder.services.commands.welcoming import Welcomed
from keyholder.services.cursors import LARGEST
from keyholder.services.queries import group_invitations, group_members, groups, previews
from keyholder.services.queries import prospects as queries
from keyholder.services.queries.acquaintances import Prospect, Recognised
from keyholder.services.queries.group_members import Member
from keyholder.services.queries.groups import GroupPage
from keyholder.services.read_models import PrincipalView, ResourceView

ADDABLE = {Prospect.KNOWN, Prospect.HERE}


@dataclass(frozen=True)
class Draft:
    """What would be done as the form stands: who is put into the group, who is invited to it."""

    recognised: tuple[Recognised, ...] = ()
    place: ResourceView | None = None
    """The account that an invitation would be about; None where nobody can be invited."""
    window: Window | None = None

    @property
    def people(self) -> list[PrincipalId]:
        """Return those who are known."""
        return [row.principal.id for row in self.recognised if row.principal and row.prospect in ADDABLE]

    @property
    def strangers(self) -> list[str]:
        """Return the addresses that would be invited, each once."""
        if self.place is None:
            return []
        return list({row.canonical: row.typed for row in self.recognised if row.prospect is Prospect.STRANGER}.values())

    @property
    def is_whole(self) -> bool:
        """Whether something becomes of every address."""
        done = {*ADDABLE, *([Prospect.STRANGER] if self.place is not None else [])}
        return all(row.prospect in done for row in self.recognised)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pk: int) -> HttpResponse:
    """Put people into a group: first what would become of each address and who gains what, then the act (R042, R071, R101)."""
    page = groups.group(by=request.caller, of=PrincipalId(pk), managing=True)
    data = posted(request, "addresses", "ends_on", "step")
    form = MembersForm(data)
    typed = form.cleaned_data["addresses"] if form.is_valid() else ()
    draft = Draft(
        queries.of_members(by=request.caller, group=page.group.id, typed=typed),
        group_invitations.place(by=request.caller, of=page.group.id),
        windows.window_to(form.cleaned_data.get("ends_on")) if form.is_valid() else None,
    )
    outcome: Done[object] | Refused | None = Refused((), 422) if form.is_bound and not form.is_valid() else None
    if draft.window is not None and data and data.get("step") in ({"add"} if draft.is_whole else {"rest"}):
        if draft.strangers:
            welcomed = attempt(lambda: _welcome(request, page, draft, draft.window or ALWAYS))
            if isinstance(welcomed, Done):
                return _welcomed(request, page, draft, welcomed.value)
            outcome = welcomed
        elif draft.people:
            window = draft.window
            outcome = attempt(lambda: commands.add(by=request.caller, group=page.group.id, members=draft.people, window=window))
            if isinstance(outcome, Done):
                return _added(request, page, len(draft.people))
    return filled(request, "group_members_add.html", _adding(request, page, form, draft), outcome)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, pk: int, member: int) -> HttpResponse:
    """Take somebody out of a group, or leave it, once it is said who loses what."""
    by, data = request.caller, posted(request, "since", "until", "back")
    fields = request.GET if data is None else data
    window, back = windows.read(fields), fields.get("back", "")
    page = groups.group(by=by, of=PrincipalId(pk))
    found = group_members.member(by=by, of=page.group.id, member=PrincipalId(member))
    outcome = None if data is None else attempt(lambda: _take_out(request, page, found, window))
    goal = safe_next(back, shown.url(page.group))
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s is no longer in %(group)s.") % {"name": found.principal.shown, "group": page.group.name})
        return redirect(goal)
    return confirmation(request, _removal(request, page, found, goal, window), outcome)


@require_http_methods(["GET", "HEAD", "POST"])
def until(request: Request, pk: int, member: int) -> HttpResponse:
    """Give a membership another end, or none."""
    since = windows.read(request.GET)
    page = groups.group(by=request.caller, of=PrincipalId(pk), managing=True)
    found = group_members.member(by=request.caller, of=page.group.id, member=PrincipalId(member))
    form = UntilForm(posted(request, "ends_on"), since)

    def move() -> None:
        commands.move_window(by=request.caller, group=page.group.id, member=found.principal.id, since=since, to=form.window)

    outcome = submit(form, move)
    if isinstance(outcome, Done):
        messages.success(request, _("Saved."))
        return redirect(shown.url(page.group))
    names = {"name": found.principal.shown, "group": page.group.name}
    title = _("Until when %(name)s is in %(group)s") % names
    shape = FormPage(shown.crumbs(page, _("Until when")), title, _("Save"), shown.url(page.group), eyebrow=page.organization.name)
    return form_page(request, shape, form, outcome)


def _added(request: Request, page: GroupPage, count: int) -> HttpResponse:
    text = ngettext("%(count)d person is in %(group)s now.", "%(count)d people are in %(group)s now.", count)
    messages.success(request, text % {"count": count, "group": page.group.name})
    return redirect(shown.url(page.group))


def _welcome(request: Request, page: GroupPage, draft: Draft, window: Window) -> Welcomed:
    random = [token_bytes(proofs.COPIED_BYTES) for _address in draft.strangers]
    return welcome(by=request.caller, group=page.group.id, members=draft.people, addresses=draft.strangers, random=random, window=window)


def _welcomed(request: Request, page: GroupPage, draft: Draft, done: Welcomed) -> HttpResponse:
    """Say what became of each, with the links: they stand on this answer alone, and are kept nowhere (R-INV-1)."""
    invited = additions.invited(done.invited)
    others = [row for row in draft.recognised if row.prospect is not Prospect.STRANGER]
    context = {
        "crumbs": shown.crumbs(page, _("Add members")),
        "group": page,
        "checked": (*invited, *map(prospects.outcome, others)),
        "links": [f"{line.who.address} {line.link}" for line in invited if line.link],
        "left_out": ", ".join(row.typed for row in others if row.prospect not in ADDABLE),
    }
    return render(request, "group_members_added.html", context)


def _adding(request: Request, page: GroupPage, form: MembersForm, draft: Draft) -> dict[str, object]:
    preview, people, strangers = None, draft.people, draft.strangers
    if people and draft.window is not None:
        preview = previews.of_membership(by=request.caller, group=page.group.id, adding=people, window=draft.window)
    return {
        "crumbs": shown.crumbs(page, _("Add members")),
        "who": shown.who(page),
        "group": page,
        "back_url": shown.url(page.group),
        "form": form,
        "checked": prospects.checked(draft.recognised, inviting=draft.place is not None),
        "add_label": shown.add_label(len(people), len(strangers), is_whole=draft.is_whole),
        "is_whole": draft.is_whole,
        "reviewed": draft.window is not None and bool(people or strangers),
        "gains": gains.gains(preview) if preview else (),
        "unsaid": (*(gains.unsaid(preview) if preview else ()), *shown.inviting(len(strangers), draft.place)),
        "candidates": _nestable(request, page),
    }


def _nestable(request: Request, page: GroupPage) -> list[PrincipalView]:
    """Return the groups of the same organization, the first ones by name, of which one may be put into this one."""
    found = groups.groups(by=request.caller, organization=page.organization.id, size=LARGEST)
    return [row.group for row in found.rows if row.group.id != page.group.id]


def _take_out(request: Request, page: GroupPage, found: Member, window: Window) -> None:
    by, group, member = request.caller, page.group.id, found.principal
    if member.kind is PrincipalKind.GROUP:
        nesting.unnest(by=by, group=member.id, out_of=group, window=window)
    elif member.id == by.principal and not page.can_manage:
        commands.leave(by=by, group=group)
    else:
        commands.remove(by=by, group=group, members=[member.id], window=window)


def _removal(request: Request, page: GroupPage, found: Member, goal: str, window: Window) -> Confirmation:
    names = {"name": found.principal.shown, "group": page.group.name}
    is_mine = found.principal.id == request.caller.principal
    return Confirmation(
        crumbs=shown.crumbs(page, _("Remove")),
        title=_("Leave %(group)s") % names if is_mine else _("Remove %(name)s from %(group)s") % names,
        verb=_("Leave %(group)s") % names if is_mine else _("Remove %(name)s") % names,
        back_url=goal,
        who=principals.who(found.principal, linked=False),
        about=found.principal.address,
        consequences=_consequences(request, page, found, window),
        kept={**windows.written(window), "back": goal},
    )


def _consequences(request: Request, page: GroupPage, found: Member, window: Window) -> tuple[Fact, ...]:
    separate = Fact(_("What they have in other ways stays."), "shield-check")
    if not page.can_manage:
        if found.principal.kind is PrincipalKind.GROUP:  # who manages the inner group may take it out as well
            groups.group(by=request.caller, of=found.principal.id, managing=True)
        return (Fact(_("What the group gives is gone at once."), "user-minus"), separate)
    preview = previews.of_membership(by=request.caller, group=page.group.id, removing=[found.principal.id], ending=window)
    return (*(gains.taken(preview) or (Fact(_("Nobody loses anything by it."), "circle-check"),)), separate)
