"""Every page of the console in the demo's world: by the name of its address, where it is and who looks at it."""

from dataclasses import dataclass

ALICE, ANDRIS, DAN, OPERATOR = "alice@acme.example", "andris@rits.example", "dan@acme.example", "operator@acme.example"
DARIA = "daria.sokolova@polaris.example"
"""Owns the cinema."""
EMIL = "emil.horak@media.example"
"""Views the host, and so sees the users of the accounts that delegate to it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A page to look at. ``{ben}`` and the like stand for numbers of the demo; ``of`` tells apart what has the same address's name."""

    name: str
    address: str
    by: str = ALICE
    of: str = ""
    status: int = 200

    @property
    def title(self) -> str:
        """What its pictures are called."""
        return f"{self.name}-{self.of}" if self.of else self.name


NUMBERS = {
    "ben": ("user", "canonical", "ben@acme.example"),
    "cleo": ("user", "canonical", "cleo@acme.example"),
    "andris": ("user", "canonical", "andris@rits.example"),
    "kristine": ("user", "canonical", "kristine@rits.example"),
    "mia": ("user", "canonical", "mia.keller@acme.example"),
    "walter": ("user", "canonical", "walter.gruen@acme.example"),
    "analysts": ("group", "name", "Analysts"),
    "interns": ("group", "name", "Interns"),
    "marketing": ("group", "name", "Marketing"),
    "acme": ("organization", "name", "Acme"),
    "campaign": ("access_request", "canonical", "cleo@acme.example"),
    "audit": ("access_request", "canonical", "nora.lind@freelance.example"),
    "noor": ("invitation", "email", "noor.haddad@acme.example"),
    "event": ("event", "action", "access.changed"),
}
"""The table, the column and the value by which a number is found."""
GROUP, ACME, SHOP, WEB = "/groups/{analysts}/", "/organizations/{acme}/", "/account/100/", "/property/UA-100-1/"
PICTURED = Visit("users", SHOP + "users/")
"""The page that the README shows."""
VISITS = (
    Visit("home", "/"),
    Visit("home", "/", DAN, "stranger"),
    Visit("home", "/", OPERATOR, "operator"),
    Visit("admin", "/admin/google_analytics/?at=view:1001"),
    Visit("admin", "/admin/conversions_gateway/?at=host_account:7", of="gateway"),
    Visit("admin", "/admin/mts_analytics/?at=resource:cinema", of="mts"),
    Visit("create-top", "/admin/conversions_gateway/new/"),
    Visit("create", SHOP + "new/property/"),
    Visit("create", "/host/h1/new/host_account/", of="hosted"),
    Visit("settings", "/host_account/7/settings/"),
    Visit("delegation", "/host_account/7/delegation/", ANDRIS),
    Visit("settings", "/resource/cinema/settings/", DARIA, "owned"),
    Visit("hand-over", "/resource/cinema/hand-over/", DARIA),
    Visit("step-down", "/resource/cinema/step-down/", DARIA),
    Visit("delegation", "/host_account/7/delegation/", of="refused", status=403),
    PICTURED,
    Visit("users", WEB + "users/?q=zebra", of="nobody"),
    Visit("users", WEB + "users/?tab=groups", of="groups"),
    Visit("users", "/host_account/7/users/", of="gateway"),
    Visit("add-people", WEB + "users/add/"),
    Visit("invitations", SHOP + "users/invitations/"),
    Visit("invitations", SHOP + "users/invitations/?q=zebra", of="nobody"),
    Visit("invitation-revoke", SHOP + "users/invitations/{noor}/revoke/"),
    Visit("permissions", WEB + "users/{ben}/"),
    Visit("permissions", "/host_account/7/users/{andris}/", of="role"),
    Visit("user", "/host_account/7/users/{kristine}/edit/", ANDRIS),
    Visit("user", WEB + "users/{ben}/edit/", of="below"),
    Visit("assignments", "/host_account/7/users/{kristine}/assigned/", ANDRIS),
    Visit("assigned", "/pixel/p72/users/assigned/", ANDRIS),
    Visit("users", "/host_account/7/users/", EMIL, "looked-at"),
    Visit("settings", "/host/h1/settings/", EMIL, "host"),
    Visit("invitation-user", SHOP + "users/invitations/{noor}/"),
    Visit("take-away", WEB + "users/{analysts}/take/"),
    Visit("remove", SHOP + "users/{ben}/remove/"),
    Visit("give-up", SHOP + "give-up/"),
    Visit("appoint", "/account/400/appoint/"),
    Visit("group-bind", WEB + "users/group/"),
    Visit("people", "/people/", OPERATOR),
    Visit("person", "/people/{cleo}/"),
    Visit("person", "/people/{walter}/", OPERATOR, "operator"),
    Visit("person-create", "/people/new/", OPERATOR),
    Visit("person-rename", "/people/{ben}/name/", OPERATOR),
    Visit("person-password", "/people/{ben}/password/", OPERATOR),
    Visit("person-suspend", "/people/{ben}/suspend/", OPERATOR),
    Visit("person-activate", "/people/{walter}/activate/", OPERATOR),
    Visit("person-appoint", "/people/{ben}/appoint/", OPERATOR),
    Visit("person-dismiss", "/people/{ben}/dismiss/", OPERATOR),
    Visit("mail", "/settings/mail/", OPERATOR),
    Visit("mail-outbox", "/settings/mail/outbox/", OPERATOR),
    Visit("mail-outbox", "/settings/mail/outbox/?state=dead", OPERATOR, "dead"),
    Visit("person-reset-link", "/people/{ben}/reset-link/"),
    Visit("groups", "/groups/"),
    Visit("group-create", "/groups/new/?organization={acme}"),
    Visit("group", GROUP),
    Visit("group", GROUP + "?tab=memberships", of="memberships"),
    Visit("group", GROUP + "?tab=access", of="access"),
    Visit("group-change", GROUP + "change/"),
    Visit("group-delete", GROUP + "delete/"),
    Visit("group-members-add", GROUP + "members/add/"),
    Visit("group-member-remove", GROUP + "members/{interns}/remove/"),
    Visit("group-member-until", "/groups/{interns}/members/{mia}/until/"),
    Visit("group-nest", "/groups/{interns}/nest/?group={marketing}"),
    Visit("group-owners", GROUP + "owners/"),
    Visit("organizations", "/organizations/", DAN),
    Visit("organization-create", "/organizations/new/"),
    Visit("organization", ACME),
    Visit("organization-change", ACME + "change/"),
    Visit("organization-policy", ACME + "policy/"),
    Visit("organization-people", ACME + "people/"),
    Visit("organization-appoint", ACME + "people/appoint/"),
    Visit("organization-role", ACME + "people/{ben}/role/"),
    Visit("organization-suspend", ACME + "people/{ben}/suspend/"),
    Visit("organization-activate", ACME + "people/{ben}/activate/"),
    Visit("organization-link", ACME + "link/"),
    Visit("organization-unlink", ACME + "accounts/account/100/unlink/"),
    Visit("explain", "/explain/"),
    Visit("explain", "/explain/?who=mia.keller@acme.example&what=read_analyze&where=property:UA-100-1", of="yes"),
    Visit("explain", "/explain/?who=cleo@acme.example&what=filter.create&where=view:1001", of="no"),
    Visit("activity", "/activity/?actor=alice@acme.example"),
    Visit("event", "/activity/{event}/"),
    Visit("search", "/search/?q=an"),
    Visit("ask", "/ask/?page=/view/1001/", DAN),
    Visit("ask-sent", "/ask/sent/", DAN),
    Visit("what-went-wrong", "/what-went-wrong/", DAN),
    Visit("what-went-wrong", "/what-went-wrong/?cause=expired", of="expired"),
    Visit("help-access", "/help/access/"),
    Visit("requests", "/requests/"),
    Visit("requests", "/requests/", "cleo@acme.example", "own"),
    Visit("request", "/requests/{campaign}/"),
    Visit("request", "/requests/{audit}/", of="address"),
    Visit("node-requests", SHOP + "users/requests/"),
    Visit("node-requests", "/host_account/7/users/requests/", of="none"),
    Visit("users", "/view/1001/users/", DAN, "not-there", 404),
    Visit("users", "/view/1001/users/", "cleo@acme.example", "denied", 403),
    Visit("me", "/me/"),
    Visit("providers", "/providers/", OPERATOR),
    Visit("provider-create", "/providers/new/?preset=google", OPERATOR),
    Visit("me-address", "/me/address/"),
    Visit("prove", "/me/prove/"),
    Visit("factor-authenticator", "/me/factors/authenticator/"),
    Visit("factor-passkey", "/me/factors/passkey/"),
    Visit("organization-second-factor", ACME + "second-factor/"),
    Visit("person-factors-remove", "/people/{ben}/factors/remove/", OPERATOR),
    Visit("person-sessions-end", "/people/{ben}/sessions/end/", OPERATOR),
    Visit("settings", "/account/nothing/settings/", of="nothing", status=404),
)
NO_PAGES = frozenset(
    {
        "activity-csv",
        "activity-json",
        "group-owner-remove",
        "mail-remove",
        "mail-test",
        "invitation",
        "invitation-again",
        "invitation-link",
        "invitation-renew",
        "invitation-take",
        "me-name",
        "me-password",
        "me-sign-out-everywhere",
        "me-unlink",
        "people-added",
        "people-known",
        "request-withdraw",
        "provider",
        "provider-disable",
        "provider-enable",
        "provider-remove",
        "factor-codes",
        "factor-remove",
        "factor-rename",
        "me-address-drop",
        "me-address-verify",
        "me-session-end",
        "me-sessions-end-others",
        "reset",
        "reset-choose",
        "reset-open",
        "sign-in-enrol",
        "sign-in-passkey",
        "sign-in-second",
        "verify-confirm",
        "verify-open",
        "set-language",
        "set-theme",
        "sign-in",
        "sign-out",
        "users-csv",
        "users-selection",
    }
)
"""What answers with a file, a fragment or another page, or takes a form only; the door itself, where nobody is signed in; and the pages of
an identity provider, which the demo has none of: they are looked at in a journey of their own."""
