"""The tables. A row is a fact; rows are written only through :mod:`keyholder.storage.ledger`, which notes every change."""

from keyholder.storage.models.address_changes import AddressChange
from keyholder.storage.models.bindings import Binding
from keyholder.storage.models.blueprints import BlueprintRecord
from keyholder.storage.models.events import Event, FeedEntry
from keyholder.storage.models.factors import Authenticator, Passkey, RecoveryCode, SecondFactorRule
from keyholder.storage.models.groups import Group, GroupOwner, Membership
from keyholder.storage.models.invitations import Invitation, InvitationLink, InvitationSending, PlannedBinding, PlannedMembership
from keyholder.storage.models.letters import Letter, MailSettings
from keyholder.storage.models.link_requests import LinkRequest
from keyholder.storage.models.organizations import Organization, OrganizationMember, OrganizationNote, OrganizationSuspension, ProviderRule
from keyholder.storage.models.principals import Principal, ServiceAccount, User
from keyholder.storage.models.providers import Identity, Provider, ProviderSignIn
from keyholder.storage.models.requests import AccessRequest
from keyholder.storage.models.resets import PasswordReset
from keyholder.storage.models.resources import Resource
from keyholder.storage.models.sessions import Session
from keyholder.storage.models.sign_ins import SignInAttempt
from keyholder.storage.models.tenants import Tenant

__all__ = [
    "AccessRequest",
    "AddressChange",
    "Authenticator",
    "Binding",
    "BlueprintRecord",
    "Event",
    "FeedEntry",
    "Group",
    "GroupOwner",
    "Identity",
    "Invitation",
    "InvitationLink",
    "InvitationSending",
    "Letter",
    "LinkRequest",
    "MailSettings",
    "Membership",
    "Organization",
    "OrganizationMember",
    "OrganizationNote",
    "OrganizationSuspension",
    "Passkey",
    "PasswordReset",
    "PlannedBinding",
    "PlannedMembership",
    "Principal",
    "Provider",
    "ProviderRule",
    "ProviderSignIn",
    "RecoveryCode",
    "Resource",
    "SecondFactorRule",
    "ServiceAccount",
    "Session",
    "SignInAttempt",
    "Tenant",
    "User",
]
