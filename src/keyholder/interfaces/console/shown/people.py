"""A person's page: who they are, what can be done with them, and the groups they are in (R017, R063)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from keyholder.domain.principals import OrganizationRole, Status
from keyholder.interfaces.console.parts.lists import PersonGroup
from keyholder.interfaces.console.parts.marks import Act, Field, Remark
from keyholder.interfaces.console.shown import access, places, principals
from keyholder.services.access_trees import AccessNode
from keyholder.services.queries.people import GroupOfPerson, Person, SignInMethod
from keyholder.services.read_models import Badge, ResourceView

FEW = 3
"""Accounts that somebody can be removed from without opening them."""
ROLES = {
    OrganizationRole.ADMIN: pgettext_lazy("a role in an organization", "Admin"),
    OrganizationRole.USER_ADMIN: gettext_lazy("User admin"),
}
METHODS = {SignInMethod.PASSWORD: gettext_lazy("Password"), SignInMethod.PROVIDER: gettext_lazy("Identity provider")}


def acts(found: Person, *, is_operator: bool) -> tuple[Act, ...]:
    """Return what a manager can do with a person; what only an operator can do says so."""
    return tuple(_acts(found, is_operator=is_operator))


def operators_acts(found: Person, *, has_factor: bool) -> tuple[Act, ...]:
    """Return what an operator can do with a person, who has a second factor or not."""
    return tuple(_operators_acts(found, has_factor=has_factor))


def remarks(found: Person) -> tuple[Remark, ...]:
    """Say what needs to be known about a person."""
    if found.status is not Status.SUSPENDED:
        return ()
    text = _("%(name)s is suspended: nothing below is in force until an operator makes them active again. Nothing is lost.")
    return (Remark(text % {"name": found.principal.shown}, "ban", "bad"),)


def about(found: Person) -> tuple[Field, ...]:
    """Return the facts about a person."""
    methods = ", ".join(str(METHODS[method]) for method in found.sign_in_methods) or _("nothing yet")
    proven = _("yes") if found.is_verified else _("no")
    fields = [Field(_("Signs in with"), methods), Field(_("Address proven"), proven)]
    for row in found.organizations:
        role = str(ROLES[row.role]) if row.role else _("Member")
        fields.append(Field(row.organization.name, _("%(role)s, suspended there") % {"role": role} if row.suspended else role))
    return tuple(fields)


def groups(found: Person) -> tuple[PersonGroup, ...]:
    """Show the groups somebody is in, directly or through others."""
    return tuple(map(_group, found.groups))


def _group(row: GroupOfPerson) -> PersonGroup:
    via = " > ".join(step.shown for step in row.via)
    who = principals.who(row.group, detail=row.organization.name)
    return PersonGroup(who, _("through %(groups)s") % {"groups": via} if via else "", row.until)


def _acts(found: Person, *, is_operator: bool) -> Iterator[Act]:
    number = found.principal.id
    if found.is_reader:
        yield Act(_("Your account"), "user-cog", reverse("console:me"))
        return
    for account in list(_removable(found))[:FEW]:
        url = places.page_url("remove", account, number)
        yield Act(_("Remove from %(account)s") % {"account": account.name}, "user-minus", url, danger=True, dialog=True)
    yield Act(_("Reset the password"), "key-round", reverse("console:person-reset-link", args=[number]))
    if not is_operator:
        yield Act(_("Suspend"), "ban", refusal=_("Only an operator suspends people everywhere."))


def _operators_acts(found: Person, *, has_factor: bool) -> Iterator[Act]:
    number = [found.principal.id]
    yield Act(_("Rename"), "pencil", reverse("console:person-rename", args=number))
    yield Act(_("Set a password"), "key-round", reverse("console:person-password", args=number))
    yield Act(_("End the sessions"), "log-out", reverse("console:person-sessions-end", args=number), dialog=True)
    if has_factor and not found.is_reader:
        yield Act(_("Remove the second factors"), "shield-off", reverse("console:person-factors-remove", args=number), danger=True)
    if found.status is Status.SUSPENDED:
        yield Act(_("Make active"), "circle-check", reverse("console:person-activate", args=number), dialog=True)
    else:
        yield Act(_("Suspend"), "ban", reverse("console:person-suspend", args=number), danger=True, dialog=True)
    if Badge.OPERATOR in found.badges:
        yield Act(_("End being an operator"), "user-cog", reverse("console:person-dismiss", args=number), danger=True, dialog=True)
    else:
        yield Act(_("Make an operator"), "user-cog", reverse("console:person-appoint", args=number), dialog=True)
    if not found.is_reader:
        yield Act(_("Delete"), "trash-2", reverse("console:person-delete", args=number), danger=True)


def _removable(found: Person) -> Iterator[ResourceView]:
    """Go through the accounts where the reader manages users and something is given to the person itself, there or below."""
    pending = [node for platform in found.platforms for node in platform.nodes]
    while pending:
        node: AccessNode = pending.pop(0)
        if places.type_of(node.resource).account_level:
            if node.can_change and _holds_directly(node):
                yield node.resource
        else:
            pending = [*node.children, *pending]


def _holds_directly(node: AccessNode) -> bool:
    is_given = node.access is not None and any(map(access.is_direct, node.access.sources))
    return is_given or any(map(_holds_directly, node.children))
