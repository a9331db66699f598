"""Explanations as their page tells them: every way that gives a permission, or what would change a no and whom to ask (R017, R110)."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.domain.blueprint import Blueprint
from keyholder.engine.moment import Reason
from keyholder.engine.sources import SourceKind
from keyholder.interfaces.console import moments
from keyholder.interfaces.console.parts.access import Answer, Path, Step
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown import access, places, principals
from keyholder.interfaces.http.wording import label, words
from keyholder.services.queries.decisions import Asked
from keyholder.services.queries.explanations import ExplanationView, NearMissView
from keyholder.services.read_models import ResourceView, SourceView

REASONS: Mapping[Reason, object] = {
    Reason.UNKNOWN_PRINCIPAL: gettext_lazy("Nobody you know here has this address."),
    Reason.UNKNOWN_RESOURCE: gettext_lazy("There is no such resource."),
    Reason.UNKNOWN_PERMISSION: gettext_lazy("The platform knows no such permission or action."),
    Reason.ACTION_NOT_HERE: gettext_lazy("Neither this place nor what is above it is one where this is done."),
    Reason.SUSPENDED: gettext_lazy("The person is suspended everywhere; an operator can change that."),
    Reason.SUSPENDED_IN_ORGANIZATION: gettext_lazy("The person is suspended within the organization; its admins can change that."),
    Reason.TRASHED: gettext_lazy("It is in the trash, or what is above it is."),
    Reason.NOT_HELD: gettext_lazy("It is not held there."),
    Reason.NOT_YET: gettext_lazy("It has not begun yet."),
    Reason.ENDED: gettext_lazy("It has ended."),
    Reason.UNASSIGNED: gettext_lazy("It counts only while the person holds the role that it depends on."),
    Reason.CLOSED_EDGE: gettext_lazy("It is held above, and the account is not managed from above."),
    Reason.NOT_PASSED_ON: gettext_lazy("It is held above, and this permission is not passed on."),
    Reason.BELOW_ONLY: gettext_lazy("It is held further down only, and nothing rises."),
    Reason.LACKS_PERMISSION: gettext_lazy("Other permissions are held there, this one is not."),
    Reason.NO_BINDING: gettext_lazy("Nothing is given to the person there or above."),
    Reason.FOREIGN_GROUP: gettext_lazy("The group belongs to another organization."),
}


def answer(found: ExplanationView, asked: Asked, here: ResourceView, *, manages: bool) -> Answer:
    """Tell the answer to a question; ``manages`` says whether the reader can give what is missing."""
    blueprint = places.blueprint_of(here)
    reason = _reason(found, asked, blueprint)
    if found.allowed:
        paths = tuple(_path(number, source, found, blueprint) for number, source in enumerate(found.paths, 1))
        return Answer(True, _sentence(found, asked, here, blueprint), reason, paths=paths)  # noqa: FBT003 - the verdict comes first
    helpers = tuple(principals.who(person, linked=manages) for person in found.ask)
    remedies = tuple(_remedies(found, here, blueprint, manages=manages))
    return Answer(False, _sentence(found, asked, here, blueprint), reason, remedies=remedies, helpers=helpers)  # noqa: FBT003 - the same


def what_is_asked(asked: Asked, blueprint: Blueprint) -> str:
    """Return what people call the permission or the action asked about."""
    if asked.permission:
        return label(blueprint.called(asked.permission).labels)
    return label(blueprint.actions[asked.action].labels)


def _sentence(found: ExplanationView, asked: Asked, here: ResourceView, blueprint: Blueprint) -> str:
    who = found.principal.shown if found.principal else asked.user
    fields = {"who": who, "what": what_is_asked(asked, blueprint), "kind": places.kind(here), "place": here.name}
    if asked.permission:
        return (
            _("%(who)s has “%(what)s” at %(place)s.") % fields
            if found.allowed
            else _("%(who)s does not have “%(what)s” at %(place)s.") % fields
        )
    return _("At %(place)s %(who)s may: %(what)s.") % fields if found.allowed else _("At %(place)s %(who)s may not: %(what)s.") % fields


def _reason(found: ExplanationView, asked: Asked, blueprint: Blueprint) -> str:
    said = []
    if asked.action and found.permission and found.judged_at is not None:
        fields = {"permission": label(blueprint.called(found.permission).labels), "place": found.judged_at.name}
        said.append(_("It needs “%(permission)s” at %(place)s.") % fields)
    if not found.allowed:
        said.append(str(REASONS.get(found.reason, "")))
    if not found.allowed and found.effective:
        said.append(_("Held there: %(permissions)s.") % {"permissions": ", ".join(access.names(found.effective.shown, blueprint))})
    return " ".join(said)


def _path(number: int, source: SourceView, found: ExplanationView, blueprint: Blueprint) -> Path:
    text = words(source.label)
    return Path(f"{number}. {text[:1].upper()}{text[1:]}", tuple(_steps(source, found, blueprint)))


def _steps(source: SourceView, found: ExplanationView, blueprint: Blueprint) -> Iterator[Step]:
    if found.principal is not None:
        yield Step("user", found.principal.shown, principals.url_of(found.principal))
    for depth, group in enumerate(source.groups):
        text = _("which is in %(group)s") if depth else _("is in %(group)s")
        yield Step("users-round", text % {"group": group.shown}, principals.url_of(group))
    yield Step("key-round", _holding(source, blueprint), places.url(source.resource), _standing(source))
    if found.permission not in source.permissions.shown and not source.role:
        wanted = blueprint.permissions[found.permission].mask
        whole = [name for name in source.permissions.shown if blueprint.permissions[name].closure & wanted]
        fields = {"permission": access.names(whole[:1], blueprint)[0], "included": label(blueprint.called(found.permission).labels)}
        yield Step("layers", _("%(permission)s includes %(included)s") % fields)
    if source.inherited and found.judged_at is not None:
        yield Step("corner-down-right", _("which holds for everything below, also for %(place)s") % {"place": found.judged_at.name})
    yield Step("check", label(blueprint.called(found.permission).labels))


def _holding(source: SourceView, blueprint: Blueprint) -> str:
    place = source.resource.name
    if source.kind is SourceKind.ORGANIZATION:
        organization = source.organization.name if source.organization else ""
        return _("runs %(organization)s, which %(place)s is linked to") % {"organization": organization, "place": place}
    given = access.names([source.role] if source.role else source.permissions.shown, blueprint)
    return _("holds %(permissions)s at %(place)s") % {"permissions": ", ".join(given), "place": place}


def _standing(source: SourceView) -> str:
    """Say what kind of place it is, and for how long."""
    lasting = _lasting(source)
    place = f"{places.kind(source.resource)} {source.resource.ref.key}"
    return f"{place}, {lasting}" if lasting else place


def _lasting(source: SourceView) -> str:
    if source.until is not None:
        return _("until %(moment)s") % {"moment": moments.exactly(source.until)}
    return _("from %(moment)s on") % {"moment": moments.exactly(source.since)} if source.since is not None else ""


def _remedies(found: ExplanationView, here: ResourceView, blueprint: Blueprint, *, manages: bool) -> Iterator[Fact]:
    place = found.judged_at or here
    if manages and found.principal is not None and found.permission and found.reason not in {Reason.SUSPENDED, Reason.TRASHED}:
        fields = {
            "permission": label(blueprint.called(found.permission).labels),
            "who": found.principal.shown,
            "place": place.name,
        }
        url = places.page_url("permissions", place, found.principal.id)
        yield Fact(_("Give %(who)s “%(permission)s” at %(place)s.") % fields, "key-round", url, _("Go there"))
    yield from (_miss(miss, blueprint) for miss in found.near_misses)


def _miss(miss: NearMissView, blueprint: Blueprint) -> Fact:
    source = miss.source
    given = ", ".join(access.names([source.role] if source.role else source.permissions.shown, blueprint))
    why = " ".join(str(REASONS.get(reason, "")) for reason in miss.reasons)
    fields = {"permissions": given, "source": words(source.label), "why": why}
    url, lasting = places.url(source.resource), _lasting(source)
    text = _("“%(permissions)s” %(source)s: %(why)s") % fields
    return Fact(f"{text} ({lasting})" if lasting else text, "circle-dashed", url, source.resource.name)
