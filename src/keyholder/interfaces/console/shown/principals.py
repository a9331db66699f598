"""Principals as pages show them: a name that leads to their page, and badges."""

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.domain.identifiers import PrincipalKind
from keyholder.interfaces.console.parts import marks
from keyholder.interfaces.console.parts.marks import Who
from keyholder.services.read_models import Badge, PrincipalView

BADGES: Mapping[Badge, tuple[object, marks.Tone, str]] = {
    Badge.YOU: (gettext_lazy("You"), "", ""),
    Badge.OPERATOR: (gettext_lazy("Operator"), "info", ""),
    Badge.ORGANIZATION_ADMIN: (gettext_lazy("Organization admin"), "accent", ""),
    Badge.USER_ADMIN: (gettext_lazy("User admin"), "accent", ""),
    Badge.SUSPENDED: (gettext_lazy("Suspended"), "bad", "ban"),
    Badge.SUSPENDED_HERE: (gettext_lazy("Suspended in the organization"), "bad", "ban"),
    Badge.UNPROVEN: (gettext_lazy("Address unproven"), "warn", "mail-question-mark"),
    Badge.OUTSIDE_POLICY: (gettext_lazy("Outside the policy"), "warn", "triangle-alert"),
}
PAGES = {PrincipalKind.USER: "console:person", PrincipalKind.GROUP: "console:group"}


def who(view: PrincipalView, badges: Collection[Badge] = (), *, detail: str = "", linked: bool = True) -> Who:
    """Show a principal; not ``linked`` where the reader may not know more of them than the name."""
    url = url_of(view) if linked else ""
    return Who(view.name, view.address, url, view.kind.value, shown_badges(badges), detail or _detail(view))


def called(view: PrincipalView | None) -> str:
    """Return what somebody is called who did something: nobody is the command line, and a tombstone has no name any more."""
    if view is None:
        return _("The operator")
    return _("Somebody who is gone") if view.is_gone else view.shown


def url_of(view: PrincipalView) -> str:
    """Return the address of the page of a person or a group; empty for a service account, which has none."""
    page = PAGES.get(view.kind)
    return reverse(page, args=[view.id]) if page else ""


def shown_badges(badges: Collection[Badge]) -> tuple[marks.Badge, ...]:
    """Show badges, always in the same order."""
    return tuple(marks.Badge(str(label), tone, icon) for badge, (label, tone, icon) in BADGES.items() if badge in badges)


def _detail(view: PrincipalView) -> str:
    return {PrincipalKind.GROUP: _("Group"), PrincipalKind.SERVICE_ACCOUNT: _("Service account")}.get(view.kind, "")
