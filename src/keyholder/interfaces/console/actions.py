"""Actions and doors by the words in which they are asked for."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from keyholder.domain.events import Channel

AREA_NAMES: Mapping[str, object] = {
    "user": _("People"),
    "service_account": _("Service accounts"),
    "organization": _("Organizations"),
    "group": _("Groups"),
    "resource": _("Resources"),
    "access": _("Access"),
    "attempt": _("Attempts"),
    "sign_in": _("Signing in"),
    "invitation": _("Invitations"),
    "blueprint": _("Blueprints"),
}
"""The areas of actions: the word before the dot."""

NAMES: Mapping[str, object] = {
    "user.created": _("Person created"),
    "user.renamed": _("Person renamed"),
    "user.suspended": _("Person suspended"),
    "user.activated": _("Person made active again"),
    "user.operator_appointed": _("Operator appointed"),
    "user.operator_dismissed": _("Operator dismissed"),
    "user.password_set": _("Password set"),
    "user.language_chosen": _("Language chosen"),
    "service_account.created": _("Service account created"),
    "service_account.renamed": _("Service account renamed"),
    "organization.created": _("Organization created"),
    "organization.changed": _("Organization changed"),
    "organization.policy_changed": _("User policy changed"),
    "organization.role_given": _("Role in an organization given"),
    "organization.role_taken": _("Role in an organization taken"),
    "organization.person_suspended": _("Person suspended within an organization"),
    "organization.person_activated": _("Person active again within an organization"),
    "organization.account_linked": _("Account linked"),
    "organization.account_unlinked": _("Account unlinked"),
    "group.created": _("Group created"),
    "group.changed": _("Group changed"),
    "group.deleted": _("Group deleted"),
    "group.owner_added": _("Owner added"),
    "group.owner_removed": _("Owner removed"),
    "group.member_added": _("Member added"),
    "group.member_removed": _("Member removed"),
    "group.member_changed": _("Membership changed"),
    "group.nested": _("Group put into a group"),
    "group.unnested": _("Group taken out of a group"),
    "resource.created": _("Resource created"),
    "resource.changed": _("Resource changed"),
    "resource.trashed": _("Moved to the trash"),
    "resource.restored": _("Restored from the trash"),
    "resource.delegation_opened": _("Delegation switched on"),
    "resource.delegation_closed": _("Delegation switched off"),
    "access.granted": _("Access given"),
    "access.changed": _("Access changed"),
    "access.window_changed": _("End of access changed"),
    "access.revoked": _("Access taken away"),
    "access.removed": _("Removed from an account"),
    "access.given_up": _("Access given up"),
    "attempt.refused": _("Attempt refused"),
    "sign_in.succeeded": _("Signed in"),
    "sign_in.ended": _("Signed out"),
    "invitation.sent": _("Invitation sent"),
    "invitation.added_to": _("Added to an invitation"),
    "invitation.sent_again": _("Invitation sent again"),
    "invitation.link_made": _("New link made"),
    "invitation.taken_over": _("Invitation taken over"),
    "invitation.awaits": _("Invitation waits to be taken over"),
    "invitation.revoked": _("Invitation revoked"),
    "invitation.declined": _("Invitation declined"),
    "invitation.accepted": _("Invitation accepted"),
    "user.taken_over": _("Address proven, person taken over"),
    "blueprint.changed": _("Blueprint changed"),
}
"""Every action of the catalogue, in a few words."""

CHANNELS: Mapping[Channel, object] = {
    Channel.CONSOLE: _("Console"),
    Channel.API: _("API"),
    Channel.SCIM: _("Directory"),
    Channel.CLI: _("Command line"),
    Channel.IMPORT: _("Import"),
    Channel.SYSTEM: _("System"),
}
"""The doors by which something comes."""
