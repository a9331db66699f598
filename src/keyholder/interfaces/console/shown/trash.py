"""Deleting, the trash and moving as pages show them: what goes along, how long it can be restored, who gains and who loses."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.domain.moving import Way
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.trash import Waste
from keyholder.interfaces.console.shown import gains, places
from keyholder.interfaces.console.shown.happenings import said
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms
from keyholder.services.queries.moving import MovePreview
from keyholder.services.queries.trash import Trashed, Trashing

DAY = timedelta(days=1)


def waste(found: Sequence[Trashed], at: datetime) -> tuple[Waste, ...]:
    """Return the lines of the trash."""
    return tuple(_waste(each, at) for each in found)


def consequences(found: Trashing) -> tuple[Fact, ...]:
    """Say what deleting something takes along, and until when it can be restored."""
    return tuple(_consequences(found))


def moving(found: MovePreview) -> tuple[Fact, ...]:
    """Say what moving something does, beside who gains and who loses."""
    return (*_moving(found), *gains.unsaid(found.preview))


def _waste(each: Trashed, at: datetime) -> Waste:
    resource = each.resource
    return Waste(
        resource.name,
        resource.ref.key,
        places.kind(resource),
        places.icon(resource),
        each.since,
        said(each.by),
        each.reason,
        left(each.ends_at, at),
        each.ends_at,
        "" if each.above else reverse("console:trash-restore", args=[resource.id]),
        _("Restore %(above)s first.") % {"above": each.above} if each.above else "",
    )


def left(ends_at: datetime, at: datetime) -> str:
    """Say how many days are left; the last one counts as a whole one."""
    days = -((at - ends_at) // DAY)
    if days < 1:
        return _("goes within the hour")
    return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}


def _consequences(found: Trashing) -> Iterator[Fact]:
    for type_name, count in found.types:
        kind = label(platforms.catalogue().types[type_name].plural)
        yield Fact(_("%(kinds)s below: %(count)d") % {"kinds": kind, "count": count}, "corner-down-right")
    if found.people:
        people = ngettext(
            "%(count)d person has access here or below, and loses it.",
            "%(count)d people have access here or below, and lose it.",
            found.people,
        )
        yield Fact(people % {"count": found.people}, "user-minus")
    if found.invitations:
        text = ngettext(
            "%(count)d invitation can't be accepted meanwhile.", "%(count)d invitations can't be accepted meanwhile.", found.invitations
        )
        yield Fact(text % {"count": found.invitations}, "mail")
    if found.requests:
        text = ngettext("%(count)d request for access is closed.", "%(count)d requests for access are closed.", found.requests)
        yield Fact(text % {"count": found.requests}, "hand")
    yield Fact(_("Everybody who manages it is told. Nobody is signed out."), "bell")
    until = date_format(localtime(found.ends_at), "DATE_FORMAT")
    yield Fact(
        _("Until %(day)s it can be restored from the trash, with all access as it was. Then it is gone for good.") % {"day": until},
        "history",
    )


def _moving(found: MovePreview) -> Iterator[Fact]:
    names = {"name": found.resource.name, "source": found.source.name, "target": found.target.name}
    yield Fact(_("%(name)s leaves %(source)s, with everything below it, and belongs to %(target)s.") % names, "folder-tree")
    if found.way is Way.REPLACE:
        text = ngettext(
            "%(count)d grant there and below is deleted: who has access is whoever has it at %(target)s.",
            "%(count)d grants there and below are deleted: who has access is whoever has it at %(target)s.",
            found.gone,
        )
        yield Fact(text % {"count": found.gone, **names}, "circle-minus")
    else:
        text = ngettext(
            "%(count)d grant that was inherited from %(source)s becomes somebody's own at %(name)s.",
            "%(count)d grants that were inherited from %(source)s become people's own at %(name)s.",
            found.own,
        )
        yield Fact(text % {"count": found.own, **names}, "key-round")
    for group in found.foreign:
        yield Fact(_("The group %(group)s belongs to another organization and does not come along.") % {"group": group.name}, "users-round")
    if found.left is not None:
        text = _("What admins of %(organization)s hold by their role does not come along.")
        yield Fact(text % {"organization": found.left.name}, "building-2")
        text = _("%(name)s is suspended within %(organization)s: what they would inherit does not become their own.")
        for person in found.asleep:
            yield Fact(text % {"name": person.shown, "organization": found.left.name}, "circle-slash")
    if found.assets:
        text = ngettext(
            "%(count)d asset of %(source)s is applied there no longer.",
            "%(count)d assets of %(source)s are applied there no longer.",
            found.assets,
        )
        yield Fact(text % {"count": found.assets, **names}, "unplug")
    if found.invitations:
        text = ngettext(
            "%(count)d pending invitation gives no longer what it was to give there.",
            "%(count)d pending invitations give no longer what they were to give there.",
            found.invitations,
        )
        yield Fact(text % {"count": found.invitations}, "mail")
    if not (found.preview.gaining or found.preview.losing):
        yield Fact(_("Nobody gains or loses anything by it."), "circle-check")
