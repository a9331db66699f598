"""The acts that a roster offers for several rows: add and take permissions, a group, a last day, removal (R053, R056, R057)."""

from collections.abc import Mapping
from dataclasses import replace

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.bulk import Act, Review
from keyholder.interfaces.console.forms.additions import GrantForm
from keyholder.interfaces.console.forms.selections import JoinForm, LastDayForm, TakeForm
from keyholder.interfaces.console.parts.access import Picker
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown import gains, pickers, places, removals, sets
from keyholder.interfaces.console.shown.additions import day, has_already
from keyholder.interfaces.http.wording import words
from keyholder.services.commands import bindings, group_members, removal
from keyholder.services.differences import Preview
from keyholder.services.proposals import Verb
from keyholder.services.queries import previews
from keyholder.services.queries import removal as removal_queries
from keyholder.services.queries.joinable_groups import joinable_groups


class Add(Act):
    """Give permissions, or a role, beside what everybody has."""

    title, verb, icon = gettext_lazy("Add permissions"), gettext_lazy("Add permissions"), "plus"
    done = ngettext_lazy("Permissions were added for %(count)d.", "Permissions were added for %(count)d.", "count")
    form: GrantForm

    @property
    def heading(self) -> str:
        """Name what can be given here: where only a role can, it takes the place of another."""
        return str(self.title) if places.type_of(self.node.here).permissions else _("Give a role")

    @property
    def button(self) -> str:
        """Return the same words."""
        return self.heading

    @property
    def pickers(self) -> tuple[Picker, ...]:
        """Return what can be given here."""
        return sets.offered(self.node.here, self.form)

    def asking(self, sent: QueryDict | None) -> forms.Form:
        """Ask for a set and a last day."""
        return GrantForm(sent, places.type_of(self.node.here), self.by.at)

    def review(self) -> Review:
        """Say who gains what."""
        given = self.form.cleaned_data
        preview = self.propose(Verb.GRANT, permissions=tuple(given["permissions"]), role=given["role"], window=self.form.window)
        ends = _("It ends with %(day)s.") % {"day": day(self.form.window)} if self.form.window.ends_at else ""
        found = _review(preview, ends)
        gaining = {row.principal.id for row in preview.rows if row.gained}
        settled = [view for view in self.chosen.rows if view.id not in gaining] if preview.is_whole else []
        return replace(found, facts=(Fact(has_already(settled, self.node.here), "check"), *found.facts)) if settled else found

    def do(self) -> None:
        """Give it."""
        given = self.form.cleaned_data
        here, window = self.node.here.id, self.form.window
        bindings.grant(by=self.by, to=self.chosen.principals, on=here, permissions=given["permissions"], role=given["role"], window=window)


class Take(Act):
    """Take permissions out of what is given here."""

    title, verb, icon, danger = gettext_lazy("Remove permissions"), gettext_lazy("Remove permissions"), "minus", True
    done = ngettext_lazy("Permissions were taken from %(count)d.", "Permissions were taken from %(count)d.", "count")

    @property
    def pickers(self) -> tuple[Picker, ...]:
        """Return what can be given here."""
        offered = pickers.permissions(self.node.here, self.form["permissions"].value() or (), sets.wrong(self.form, "permissions"))
        return (offered,)

    def asking(self, sent: QueryDict | None) -> forms.Form:
        """Ask for permissions."""
        return TakeForm(sent, places.type_of(self.node.here))

    def review(self) -> Review:
        """Say who loses what, and what else goes because it includes what is taken."""
        return _review(self.propose(Verb.TAKE, permissions=tuple(self.form.cleaned_data["permissions"])))

    def do(self) -> None:
        """Take them away."""
        permissions = self.form.cleaned_data["permissions"]
        bindings.take(by=self.by, of=self.chosen.principals, on=self.node.here.id, permissions=permissions)


class Join(Act):
    """Put people into a group."""

    title, verb, icon = gettext_lazy("Add to a group"), gettext_lazy("Add to the group"), "users-round"
    done = ngettext_lazy("%(count)d is in the group now.", "%(count)d are in the group now.", "count")
    form: JoinForm

    def asking(self, sent: QueryDict | None) -> forms.Form:
        """Ask for a group that the reader fills, and a last day."""
        groups = [row for row in joinable_groups(by=self.by, at=self.node.here.id) if row.can_fill]
        return JoinForm(sent, self.by.at, groups)

    def review(self) -> Review:
        """Say who gains what, wherever the group is bound."""
        group, window = PrincipalId(self.form.cleaned_data["group"]), self.form.window
        return _review(previews.of_membership(by=self.by, group=group, adding=self.chosen.principals, window=window))

    def do(self) -> None:
        """Put them in."""
        group = PrincipalId(self.form.cleaned_data["group"])
        group_members.add(by=self.by, group=group, members=self.chosen.principals, window=self.form.window)


class End(Act):
    """Give what has no end here a last day."""

    title, verb, icon = gettext_lazy("Set an end date"), gettext_lazy("Set the end date"), "calendar-clock"
    done = ngettext_lazy("%(count)d has an end date now.", "%(count)d have an end date now.", "count")
    form: LastDayForm

    def asking(self, sent: QueryDict | None) -> forms.Form:
        """Ask for a last day."""
        return LastDayForm(sent, self.by.at, required=True)

    def review(self) -> Review:
        """Say what ends."""
        named = {"place": self.node.here.name, "day": day(self.form.window)}
        ends = Fact(_("What was given to them at %(place)s without an end ends with %(day)s.") % named, "calendar-clock")
        stays = Fact(_("What comes from above or through groups stays as it is, and so does what has an end already."), "info")
        return Review(facts=(ends, stays))

    def do(self) -> None:
        """Move the windows."""
        bindings.move_window(by=self.by, of=self.chosen.principals, on=self.node.here.id, to=self.form.window)


class Remove(Act):
    """Remove from the account (R050, R053)."""

    title, verb, icon, danger = gettext_lazy("Remove from the account"), gettext_lazy("Remove"), "user-minus", True
    done = ngettext_lazy("%(count)d was removed.", "%(count)d were removed.", "count")

    @property
    def heading(self) -> str:
        """Name the account."""
        return _("Remove from %(place)s") % {"place": self.node.here.name}

    def asking(self, sent: QueryDict | None) -> forms.Form:
        """Ask for nothing but the answer."""
        return forms.Form(sent if sent is not None else QueryDict())

    def review(self) -> Review:
        """Say what goes, what remains, and who can't be removed."""
        found = removal_queries.preview(by=self.by, who=self.chosen.principals, at=self.node.here.id)
        refused = {row.principal: words(row.refusal.sentence) for row in found if row.refusal is not None}
        lines = {row.principal: removals.lines(row) for row in found}
        waiting = removal_queries.waiting(by=self.by, at=self.node.here.id)
        return Review(facts=removals.summary(found, waiting), refused=refused, lines=lines)

    def do(self) -> None:
        """Remove them."""
        removal.remove(by=self.by, who=self.chosen.principals, at=self.node.here.id)


ACTS: Mapping[str, type[Act]] = {"add": Add, "take": Take, "group": Join, "until": End, "remove": Remove}
"""What can be asked for, by the value of the button."""


def _review(preview: Preview, ends: str = "") -> Review:
    facts = gains.unsaid(preview)
    return Review(gains.gains(preview), (Fact(ends, "calendar-clock"), *facts) if ends else facts)
