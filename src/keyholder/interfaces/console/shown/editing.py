"""The permission editor as a page shows it: what is given here, what comes from elsewhere, what would change (R012, R016 to R018, R048)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from keyholder.domain.identifiers import PrincipalKind
from keyholder.domain.windows import Window
from keyholder.interfaces.console.forms import windows
from keyholder.interfaces.console.forms.editing import EditForm
from keyholder.interfaces.console.parts.access import Option, Picker
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown import access, places, sets
from keyholder.interfaces.console.shown.additions import day
from keyholder.interfaces.console.shown.nodes import Node
from keyholder.interfaces.console.shown.paging import query
from keyholder.interfaces.http.wording import label, words
from keyholder.services.differences import DifferenceView, Preview
from keyholder.services.queries.bindings import Choice, Editor, LocalBinding, Phase
from keyholder.services.read_models import SourceView

FEW = 5


def pickers(editor: Editor, form: EditForm) -> tuple[Picker, ...]:
    """Offer what can be given here: ticked what is, or was just chosen; what comes from elsewhere is ticked and stays (R012)."""
    kind = places.type_of(editor.resource)
    ticked = form["permissions"].value() or () if form.is_bound else [c.name for c in editor.permissions if c.checked]
    role = form["role"].value() or "" if form.is_bound else next((c.name for c in editor.roles if c.checked), "")
    permissions = Picker(tuple(_tick(c, c.name in ticked, editor) for c in editor.permissions), error=sets.wrong(form, "permissions"))
    roles = [_radio(c, role) for c in editor.roles]
    if roles:
        text = _("Only the permissions that are ticked above.") if kind.permissions else _("Nothing is given here.")
        roles.append(Option("", _("No role"), text, checked=not role))
    found = (permissions, Picker(tuple(roles), "role", exclusive=True, error=sets.wrong(form, "role")))
    return tuple(picker for picker in found if picker.options)


def floor(editor: Editor, node: Node) -> tuple[Fact, ...]:
    """Say what comes from elsewhere, each with the way to the place where it can be changed (R017)."""
    return tuple(_from(source, editor, node) for source in editor.floor_sources)


def others(editor: Editor, node: Node) -> tuple[Fact, ...]:
    """Name the other bindings here: each window has one of its own, and is edited by itself (semantics 3)."""
    rows = [row for row in editor.bindings if row.window != editor.window]
    return tuple(_other(row, editor, node) for row in rows)


def changes(editor: Editor, form: EditForm, preview: Preview, node: Node) -> tuple[Fact, ...]:
    """Say what saving changes beside what people gain and lose at once: ends, and what stays with them."""
    return tuple(_changes(editor, form, preview, node))


def is_change(editor: Editor, form: EditForm) -> bool:
    """Say whether anything is otherwise than it is."""
    held = {c.name for c in (*editor.permissions, *editor.roles) if c.checked}
    wanted = {*form.cleaned_data["permissions"], form.cleaned_data["role"]} - {""}
    return held != wanted or bool(wanted and form.window != editor.window)


def still(preview: Preview, editor: Editor, node: Node) -> tuple[Fact, ...]:
    """Say what somebody keeps by other ways where something is taken, each with the way that leads there (R058)."""
    rows = [row for row in preview.rows if row.principal.id == editor.principal.id]
    return tuple(fact for row in rows for fact in _still(row, node))[:FEW]


def given(editor: Editor) -> tuple[Fact, ...]:
    """Say what is given here, of every window."""
    return tuple(Fact(_given(row, editor), "circle-minus") for row in editor.bindings)


def toast(fact: Fact) -> SafeString:
    """Return a fact with its link, for a message after the page is left."""
    if not fact.url:
        return format_html("{}", fact.text)
    return format_html('{} <a class="link" href="{}">{}</a>', fact.text, fact.url, fact.action)


def lead(source: SourceView) -> str:
    """Return the words of the link that leads to a source."""
    return _("Open %(name)s") % {"name": source.groups[0].name} if source.groups else _("Change it there")


def _tick(choice: Choice, checked: bool, editor: Editor) -> Option:  # noqa: FBT001 - a value among values
    labels = {c.name: label(c.labels) for c in editor.permissions}
    includes = {name: labels[name] for name in choice.includes if name in labels}
    return Option(choice.name, label(choice.labels), _meaning(choice), includes, checked, _source(choice), is_own=choice.checked)


def _radio(choice: Choice, chosen: str) -> Option:
    return Option(choice.name, label(choice.labels), _meaning(choice), {}, choice.name == chosen, _source(choice), is_own=True)


def _meaning(choice: Choice) -> str:
    return label(choice.meaning) if choice.meaning else ""


def _source(choice: Choice) -> str:
    return words(choice.floor[0].label) if choice.floor else ""


def _from(source: SourceView, editor: Editor, node: Node) -> Fact:
    blueprint = places.blueprint_of(editor.resource)
    what = [source.role] if source.role else source.permissions.shown
    named = {"what": ", ".join(access.names(what, blueprint)), "source": words(source.label), "day": day(Window(ends_at=source.until))}
    text = _("%(what)s %(source)s, until %(day)s.") % named if source.until else _("%(what)s %(source)s.") % named
    url = node.lead(source, editor.principal.id)
    return Fact(text, access.ICONS[access.VIA[source.kind]], url, lead(source) if url else "")


def _given(row: LocalBinding, editor: Editor) -> str:
    what = ", ".join(access.names([row.role] if row.role else row.permissions, places.blueprint_of(editor.resource)))
    return {
        Phase.ENDED: _("%(what)s, which ended with %(day)s."),
        Phase.UPCOMING: _("%(what)s, which begins on %(begins)s."),
        Phase.IN_FORCE: _("%(what)s, until %(day)s.") if row.window.ends_at else _("%(what)s, without an end."),
    }[row.phase] % {"what": what, "day": day(row.window), "begins": day(Window(ends_at=row.window.starts_at))}


def _other(row: LocalBinding, editor: Editor, node: Node) -> Fact:
    url = "" if row.phase is Phase.ENDED else node.url("permissions", editor.principal.id) + query(windows.written(row.window))
    return Fact(_given(row, editor), "calendar-clock", url, _("Change this one") if url else "")


def _changes(editor: Editor, form: EditForm, preview: Preview, node: Node) -> Iterator[Fact]:
    window, names = form.window, {"name": editor.principal.shown, "place": editor.resource.name, "day": day(form.window)}
    is_set = bool(form.cleaned_data["permissions"] or form.cleaned_data["role"])
    if is_set and window.ends_at is not None:
        yield Fact(_("What %(name)s is given at %(place)s ends with %(day)s.") % names, "calendar-clock")
    elif is_set and editor.window.ends_at is not None:
        yield Fact(_("What %(name)s is given at %(place)s has no end any more.") % names, "calendar-clock")
    if not is_set and any(row.window == editor.window for row in editor.bindings):
        yield Fact(_("Nothing is given to %(name)s at %(place)s any more.") % names, "circle-minus")
    yield from still(preview, editor, node)


def _still(row: DifferenceView, node: Node) -> Iterator[Fact]:
    """Go through the sources elsewhere of what stays; one that adds nothing to those before it is left out."""
    said: set[str] = set()
    for source in row.kept:
        if access.is_direct(source) or said.issuperset(source.permissions.names):
            continue
        said.update(source.permissions.names)
        names = {
            "name": row.principal.shown,
            "what": ", ".join(access.names(source.permissions.shown, places.blueprint_of(row.resource))),
            "place": row.resource.name,
            "source": words(source.label),
        }
        url = node.lead(source, row.principal.id)
        yield Fact(_("%(name)s still has %(what)s at %(place)s, %(source)s.") % names, "info", url, lead(source) if url else "")


def reset_url(editor: Editor) -> str:
    """Return where the password of the edited person is reset; empty for a group or a service account."""
    is_person = editor.principal.kind is PrincipalKind.USER
    return reverse("console:person-reset-link", args=[editor.principal.id]) if is_person else ""
