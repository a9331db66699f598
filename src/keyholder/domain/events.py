"""Events: what happened, in the past tense. The catalogue below is every action there is, with the sentence that tells it.

An event carries the rows it changed, before and after: replaying the changes of all events gives the present state (R-AUD-3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.sentences import gettext_noop as _

Value = str | int | bool | None | list[str]


class Channel(StrEnum):
    """Through which door it came."""

    CONSOLE = "console"
    API = "api"
    SCIM = "scim"
    CLI = "cli"
    IMPORT = "import"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after; None before it was made or after it was removed."""

    noun: str
    id: int
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: the action, what it was done to, and the names that fill its sentence."""

    action: str
    target_kind: str
    target: int | None = None
    resource: ResourceId | None = None
    subject: PrincipalId | None = None
    details: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse an action that the catalogue does not know."""
        if self.action not in ACTIONS:
            raise KeyError(self.action)


ACTIONS: Mapping[str, str] = {
    "user.created": _("{actor} created the person {subject}."),
    "user.renamed": _("{actor} changed the name of {subject} from {before} to {after}."),
    "user.suspended": _("{actor} suspended {subject} everywhere."),
    "user.activated": _("{actor} made {subject} active again."),
    "user.deleted": _("{actor} deleted {subject}, with everything that was theirs."),
    "user.operator_appointed": _("{actor} made {subject} an operator."),
    "user.operator_dismissed": _("{actor} ended {subject} being an operator."),
    "user.password_set": _("{actor} set a password for {subject}."),
    "user.language_chosen": _("{actor} chose the language {language}."),
    "user.reset_mailed": _("{actor} mailed {subject} a link to choose a new password."),
    "user.reset_copied": _("{actor} made a link with which {subject} can choose a new password."),
    "user.password_reset": _("{subject} chose a new password with a link."),
    "user.address_asked": _("{actor} asked to prove the address {address}."),
    "user.address_proven": _("{subject} proved the address {address}."),
    "user.address_changed": _("{actor} changed the address of {subject} from {before} to {after}."),
    "user.factor_added": _("{actor} set up the second factor {factor}."),
    "user.factor_renamed": _("{actor} changed the name of a second factor from {before} to {after}."),
    "user.factor_removed": _("{actor} removed the second factor {factor}."),
    "user.factors_removed": _("{actor} removed every second factor of {subject}."),
    "user.recovery_codes_made": _("{actor} made new recovery codes."),
    "user.recovery_code_used": _("{actor} used a recovery code; {left} are left."),
    "service_account.created": _("{actor} created the service account {subject}."),
    "service_account.renamed": _("{actor} renamed a service account to {subject}."),
    "organization.created": _("{actor} created the organization {organization}."),
    "organization.changed": _("{actor} changed the organization {organization}."),
    "organization.policy_changed": _("{actor} changed the user policy of {organization} to {mode}."),
    "organization.role_given": _("{actor} made {subject} {role} of {organization}."),
    "organization.role_taken": _("{actor} ended {subject} being {role} of {organization}."),
    "organization.person_suspended": _("{actor} suspended {subject} within {organization}."),
    "organization.person_activated": _("{actor} made {subject} active again within {organization}."),
    "organization.account_linked": _("{actor} linked {resource} to {organization}."),
    "organization.account_unlinked": _("{actor} unlinked {resource} from {organization}."),
    "organization.person_removed": _("{actor} removed {subject} from {organization}."),
    "organization.note_added": _("{actor} noted something about {subject} for the admins of {organization}."),
    "organization.note_removed": _("{actor} removed a note about {subject} in {organization}."),
    "organization.second_factor_asked": _("{actor} lets {organization} ask for a second factor of its managers."),
    "organization.second_factor_left": _("{actor} lets {organization} ask for no second factor any more."),
    "organization.provider_required": _("{actor} lets people to {organization} only through {provider}."),
    "organization.provider_left": _("{actor} lets people to {organization} by whatever way they sign in."),
    "group.created": _("{actor} created the group {group}."),
    "group.changed": _("{actor} changed the group {group}."),
    "group.deleted": _("{actor} deleted the group {group}."),
    "group.owner_added": _("{actor} made {subject} an owner of {group}."),
    "group.owner_removed": _("{actor} ended {subject} being an owner of {group}."),
    "group.member_added": _("{actor} added {subject} to {group}."),
    "group.member_removed": _("{actor} removed {subject} from {group}."),
    "group.member_changed": _("{actor} changed until when {subject} is in {group}."),
    "group.nested": _("{actor} put the group {subject} into {group}."),
    "group.unnested": _("{actor} took the group {subject} out of {group}."),
    "resource.created": _("{actor} created {resource}."),
    "resource.changed": _("{actor} changed {resource}."),
    "resource.trashed": _("{actor} moved {resource} to the trash."),
    "resource.restored": _("{actor} restored {resource} from the trash."),
    "resource.purged": _("{actor} deleted {resource} for good, with everything below it."),
    "resource.moved": _("{actor} moved {resource} from {before} to {after}."),
    "resource.delegation_opened": _("{actor} switched delegation on for {resource}."),
    "resource.delegation_closed": _("{actor} switched delegation off for {resource}."),
    "access.granted": _("{actor} gave {subject} {permissions} at {resource}."),
    "access.changed": _("{actor} changed what {subject} may do at {resource} from {before} to {after}."),
    "access.handed_over": _("{actor} took the role {before} at {resource} over from {subject}, who has {after} there now."),
    "access.window_changed": _("{actor} changed until when {subject} has access at {resource}."),
    "access.revoked": _("{actor} took {permissions} at {resource} away from {subject}."),
    "access.removed": _("{actor} removed {subject} from {resource}."),
    "access.given_up": _("{subject} gave up {permissions} at {resource}."),
    "attempt.refused": _("{actor} was refused: {sentence}"),
    "sign_in.succeeded": _("{actor} signed in."),
    "sign_in.ended": _("{actor} signed out."),
    "mail.settings_changed": _("{actor} changed the mail server to {host}."),
    "mail.settings_removed": _("{actor} removed the mail server {host}."),
    "mail.letters_retried": _("{actor} had {count} letters sent again."),
    "mail.letters_discarded": _("{actor} discarded {count} letters."),
    "request.made": _("{actor} asked for access to {resource}."),
    "request.approved": _("{actor} approved the request of {subject} for access to {resource}."),
    "request.refused": _("{actor} refused the request of {subject} for access to {resource}."),
    "request.withdrawn": _("{actor} withdrew the request for access to {resource}."),
    "request.closed": _("{actor} closed the request of {subject} for access to {resource}."),
    "link.asked": _("{actor} asked to link {resource} to {organization}."),
    "link.accepted": _("{actor} agreed to link {resource} to {organization}."),
    "link.refused": _("{actor} refused to link {resource} to {organization}."),
    "link.withdrawn": _("{actor} withdrew the request to link {resource} to {organization}."),
    "provider.added": _("{actor} added the identity provider {provider}."),
    "provider.changed": _("{actor} changed the identity provider {provider}."),
    "provider.enabled": _("{actor} switched the identity provider {provider} on."),
    "provider.disabled": _("{actor} switched the identity provider {provider} off."),
    "provider.removed": _("{actor} removed the identity provider {provider}."),
    "identity.linked": _("{actor} linked the account of {subject} with {provider}."),
    "identity.unlinked": _("{actor} unlinked the account of {subject} from {provider}."),
    "sign_in.session_ended": _("{actor} ended a session in another browser."),
    "sign_in.sessions_ended": _("{actor} ended the sessions of {subject}."),
    "invitation.sent": _("{actor} invited {subject} to {resource}."),
    "invitation.added_to": _("{actor} added to the invitation of {subject} to {resource}."),
    "invitation.sent_again": _("{actor} sent the invitation of {subject} to {resource} again."),
    "invitation.link_made": _("{actor} made a new link for the invitation of {subject} to {resource}."),
    "invitation.taken_over": _("{actor} took over the invitation of {subject} to {resource}."),
    "invitation.awaits": _("The invitation of {subject} to {resource} waits for a manager who takes it over."),
    "invitation.revoked": _("{actor} revoked the invitation of {subject} to {resource}."),
    "invitation.declined": _("{subject} declined the invitation to {resource}."),
    "invitation.accepted": _("{subject} accepted the invitation to {resource}."),
    "asset.created": _("{actor} created {asset} ({kind}) at {resource}."),
    "asset.changed": _("{actor} changed {asset} ({kind}) at {resource}."),
    "asset.deleted": _("{actor} deleted {asset} ({kind}) at {resource}."),
    "asset.shared": _("{actor} shared {asset} ({kind}) at {resource}."),
    "asset.marked": _("{actor} marked {asset} ({kind}) at {resource} as visible."),
    "asset.unmarked": _("{actor} ended {asset} ({kind}) at {resource} being marked as visible."),
    "asset.applied": _("{actor} applied {asset} ({kind}) to {resource}."),
    "asset.withdrawn": _("{actor} took {asset} ({kind}) off {resource}."),
    "asset.personal_created": _("{actor} created a personal asset ({kind}) at {resource}."),
    "asset.personal_changed": _("{actor} changed a personal asset ({kind}) at {resource}."),
    "asset.personal_deleted": _("{actor} deleted a personal asset ({kind}) at {resource}."),
    "blueprint.changed": _("The blueprint {blueprint} changed."),
}
