"""The doors of the console as a table: an address, and what it answers to whom. One row for each page and each form."""

from dataclasses import dataclass, field
from typing import Any

from tests.cast import Cast


@dataclass(frozen=True, slots=True)
class Door:
    """A page. ``url`` is filled with the numbers of the cast; who is not signed in is sent to sign in everywhere.

    The stranger is Dan, the reader is Cleo, who is in the organization and an analyst, the manager is Alice. ``form`` is what the page
    sends, None for a page that only shows; ``is_form_alone`` marks an address that answers nothing but a form, ``for_operator`` one at
    which the manager is an operator as well.
    """

    url: str
    stranger: int
    reader: int
    manager: int = 200
    form: dict[str, Any] | None = field(default=None, hash=False)
    is_form_alone: bool = False
    for_operator: bool = False

    def at(self, cast: Cast) -> str:
        """Return the address in the cast's world."""
        return self.url.format(cast=cast)


GROUP = "/groups/{cast.analysts}/"
HOME = "/organizations/{cast.acme}/"
BEN = "/people/{cast.ben}/"
PASSWORD = "seven quiet herons wait"
MAIL_SERVER = {"host": "mail.acme.example", "port": "587", "security": "starttls", "password": "", "sender": "keyholder@acme.example"}
MAIN: tuple[Door, ...] = (
    Door("/", 200, 200),
    Door("/admin/google_analytics/", 200, 200),
    Door("/admin/google_analytics/?at=property:UA-100-1", 404, 200),
    Door("/admin/google_analytics/?at=nothing", 404, 404, 404),
    Door("/admin/nowhere/", 404, 404, 404),
    Door("/admin/google_analytics/new/", 200, 200, form={"name": "Kiosk", "key": "200"}),
    Door("/account/100/new/property/", 404, 403, form={"name": "App", "key": "UA-100-2"}),
    Door("/account/100/new/view/", 404, 404, 404),
    Door("/account/100/settings/", 404, 200, form={"name": "Kiosk"}),
    Door("/account/100/delegation/", 404, 404, 404),
    Door("/account/100/delete/", 404, 403, form={"reason": ""}),
    Door("/property/UA-100-1/move/", 404, 403, form={"to": "account:100", "way": "keep"}),
    Door("/account/100/move/", 404, 404, 404),
    Door("/trash/", 200, 200),
    Door("/trash/{cast.account}/restore/", 404, 404, 404, form={}, is_form_alone=True),
    Door("/account/100/hand-over/", 404, 403, 404),
    Door("/account/100/step-down/", 404, 403, 404),
    Door("/people/", 403, 403, for_operator=True),
    Door("/people/new/", 403, 403, form={"email": "eve@acme.example", "name": "Eve", "password": PASSWORD}, for_operator=True),
    Door(BEN, 404, 404),
    Door(BEN + "name/", 403, 403, form={"name": "Benjamin"}, for_operator=True),
    Door(BEN + "password/", 403, 403, form={"password": PASSWORD, "again": PASSWORD}, for_operator=True),
    Door(BEN + "delete/", 403, 403, form={"reason": ""}, for_operator=True),
    Door(BEN + "suspend/", 403, 403, form={"reason": ""}, for_operator=True),
    Door(BEN + "activate/", 403, 403, form={"reason": ""}, for_operator=True),
    Door(BEN + "appoint/", 403, 403, form={}, for_operator=True),
    Door(BEN + "dismiss/", 403, 403, form={}, for_operator=True),
    Door("/settings/mail/", 403, 403, form=MAIL_SERVER, for_operator=True),
    Door("/settings/mail/test/", 403, 403, form={}, is_form_alone=True, for_operator=True),
    Door("/settings/mail/remove/", 403, 403, 404, for_operator=True),
    Door("/settings/mail/outbox/", 403, 403, form={"act": "retry", "every": "1"}, for_operator=True),
    Door("/settings/mail/outbox/?state=dead", 403, 403, for_operator=True),
    Door("/explain/", 200, 200),
    Door("/explain/?who=ben@acme.example&what=edit&where=account:100", 422, 403),
    Door("/activity/", 200, 200),
    Door("/activity/?resource=account:100", 422, 200),
    Door("/activity/1/", 404, 404),
    Door("/activity/activity.csv", 200, 200),
    Door("/activity/activity.jsonl", 200, 200),
    Door("/search/?q=shop", 200, 200),
    Door("/requests/", 200, 200),
    Door("/requests/1/", 404, 404, 404),
    Door("/requests/1/withdraw/", 404, 404, 404, is_form_alone=True),
    Door("/me/", 200, 200),
    Door("/me/name/", 200, 200, form={"name": "Somebody"}, is_form_alone=True),
    Door("/me/password/", 200, 200, form={"old": "x", "password": PASSWORD, "again": PASSWORD}, is_form_alone=True),
    Door("/me/sign-out-everywhere/", 200, 200, form={}, is_form_alone=True),
)
"""What everybody begins with."""
MTS = {"name": "MTS ID", "issuer": "https://id.example", "client": "k", "secret": "s", "scopes": "openid email"}
PROVIDERS: tuple[Door, ...] = (
    Door("/providers/", 403, 403, for_operator=True),
    Door("/providers/new/", 403, 403, form={**MTS, "key": "mts"}, for_operator=True),
    Door("/providers/mts/", 403, 403, form=MTS, for_operator=True),
    Door("/providers/mts/on/", 403, 403, form={}, for_operator=True),
    Door("/providers/mts/off/", 403, 403, form={}, for_operator=True),
    Door("/providers/mts/remove/", 403, 403, form={}, for_operator=True),
    Door("/me/identities/1/unlink/", 404, 404, 404, form={}, is_form_alone=True),
)
"""What an operator sets up, and what everybody has of it."""
IDENTITY: tuple[Door, ...] = (
    Door(BEN + "reset-link/", 404, 404, form={"way": "copy"}),
    Door(BEN + "factors/remove/", 403, 403, form={"reason": ""}, for_operator=True),
    Door(BEN + "sessions/end/", 403, 403, form={}, for_operator=True),
    Door(HOME + "second-factor/", 404, 403, form={}),
    Door("/me/prove/", 200, 200, form={"password": "x"}),
    Door("/me/address/", 200, 200, form={"address": "somebody@acme.example"}),
    Door("/me/address/verify/", 200, 200, form={}, is_form_alone=True),
    Door("/me/address/drop/", 200, 200, form={}, is_form_alone=True),
    Door("/me/sessions/end/", 200, 200, form={"session": "x"}, is_form_alone=True),
    Door("/me/sessions/end-others/", 200, 200, form={}, is_form_alone=True),
    Door("/me/factors/authenticator/", 200, 200, form={"name": "Telephone", "code": "000000"}),
    Door("/me/factors/passkey/", 200, 200, form={"name": "Laptop", "answer": "{{}}"}),
    Door("/me/factors/codes/", 404, 404, 404),
    Door("/me/factors/passkey/1/name/", 404, 404, 404),
    Door("/me/factors/nothing/1/remove/", 404, 404, 404),
)
"""Proving who one is."""
ACCOUNT, WEB = "/account/100/", "/property/UA-100-1/"
ACCESS: tuple[Door, ...] = (
    Door(WEB + "users/", 404, 403),
    Door(WEB + "users/?tab=groups&sort=permissions&order=descending", 404, 403),
    Door(WEB + "users/?sort=password", 404, 400, 400),
    Door("/property/100/users/", 404, 404, 404),
    Door("/nothing/100/users/", 404, 404, 404),
    Door(WEB + "users/csv/", 404, 403),
    Door(WEB + "users/add/", 404, 403, form={"addresses": "ben@acme.example", "permissions": ["manage_users"], "step": "add"}),
    Door(WEB + "users/add/known/?find=ben", 404, 403),
    Door(WEB + "users/add/done/", 404, 302, 302),
    Door(WEB + "users/selection/", 404, 403, 302, form={"act": "until", "selected": "{cast.ben}", "ends_on": "2030-01-01", "step": "do"}),
    Door(WEB + "users/{cast.ben}/", 404, 403, form={"permissions": ["manage_users"], "ends_on": "", "step": "save"}),
    Door(WEB + "users/{cast.dan}/", 404, 403, 404),
    Door(WEB + "users/{cast.analysts}/take/", 404, 403, form={}),
    Door(WEB + "users/{cast.ben}/remove/", 404, 409, 409),
    Door(ACCOUNT + "users/{cast.ben}/remove/", 404, 403, form={}),
    Door(ACCOUNT + "users/{cast.dan}/remove/", 404, 403, 404),
    Door(WEB + "users/{cast.ben}/edit/", 404, 403),
    Door(ACCOUNT + "users/{cast.dan}/edit/", 404, 403, 404),
    Door(WEB + "users/{cast.ben}/assigned/", 404, 403, 404),
    Door(WEB + "users/assigned/", 404, 403, 404),
    Door(WEB + "users/invitations/9/", 404, 404, 404),
    Door(WEB + "users/requests/", 404, 403),
    Door(WEB + "users/invitations/", 404, 403),
    Door(WEB + "users/invitations/?state=nothing", 404, 400, 400),
    Door(WEB + "users/invitations/again/", 404, 403, 302, form={}, is_form_alone=True),
    Door(WEB + "users/invitations/9/again/", 404, 404, form={}, is_form_alone=True),
    Door(WEB + "users/invitations/9/link/", 404, 404, form={}, is_form_alone=True),
    Door(WEB + "users/invitations/9/take-over/", 404, 404, form={}, is_form_alone=True),
    Door(WEB + "users/invitations/9/revoke/", 404, 404, 404),
    Door(ACCOUNT + "appoint/", 404, 403, form={"address": "ben@acme.example"}),
    Door(ACCOUNT + "give-up/", 404, 200, form={}),
)
"""Who has access at a node, and what of that can be changed."""
ASSETS: tuple[Door, ...] = (
    Door("/view/1001/assets/", 404, 200),
    Door("/view/1001/assets/?kind=nothing", 404, 404, 404),
    Door(ACCOUNT + "assets/new/filter/", 404, 403, form={"name": "No robots", "description": "", "body": ""}),
    Door("/view/1001/assets/new/segment/", 404, 200, form={"name": "Paying", "description": "", "body": ""}),
    Door(ACCOUNT + "assets/9/", 404, 404, 404),
    Door(ACCOUNT + "assets/9/share/", 404, 404, 404),
    Door(ACCOUNT + "assets/9/delete/", 404, 404, 404),
    Door(ACCOUNT + "assets/9/mark/", 404, 404, form={"to": "yes"}, is_form_alone=True),
    Door(ACCOUNT + "assets/9/apply/", 404, 404, form={}, is_form_alone=True),
    Door(ACCOUNT + "assets/9/withdraw/", 404, 404, form={}, is_form_alone=True),
)
"""What people make inside a node."""
DOORS: tuple[Door, ...] = (
    *MAIN,
    *ACCESS,
    *ASSETS,
    *PROVIDERS,
    *IDENTITY,
    Door("/groups/", 200, 200),
    Door("/groups/?organization={cast.acme}", 404, 200),
    Door("/groups/new/?organization={cast.acme}", 404, 403, form={"name": "Builders", "description": ""}),
    Door(GROUP, 404, 200),
    Door(GROUP + "?tab=memberships", 404, 200),
    Door(GROUP + "?tab=access", 404, 200),
    Door(GROUP + "change/", 404, 403, form={"name": "Readers", "description": ""}),
    Door(GROUP + "delete/", 404, 403, form={}),
    Door(GROUP + "members/add/", 404, 403, form={"addresses": "ben@acme.example", "ends_on": "", "step": "add"}),
    Door(GROUP + "members/{cast.interns}/remove/", 404, 403, form={"since": "", "until": "", "back": ""}),
    Door(GROUP + "members/{cast.cleo}/until/", 404, 403, form={"ends_on": "2030-01-01"}),
    Door(GROUP + "owners/", 404, 403, form={"address": "cleo@acme.example"}),
    Door(GROUP + "owners/{cast.ben}/remove/", 404, 403, form={}, is_form_alone=True),
    Door("/groups/{cast.interns}/nest/?group={cast.analysts}", 404, 403, form={"group": "{cast.analysts}", "step": "save"}),
    Door("/account/100/users/group/", 404, 403, form={"group": "{cast.interns}", "permissions": ["edit"], "step": "save"}),
    Door("/organizations/", 200, 302, 302),
    Door("/organizations/new/", 200, 200, form={"name": "Bolt"}),
    Door(HOME, 404, 200),
    Door(HOME + "change/", 404, 403, form={"name": "Zenith", "identity_source": "open"}),
    Door(HOME + "policy/", 404, 403, form={"mode": "enforced", "allowed_domains": "acme.example", "step": "save"}),
    Door(HOME + "sign-in/", 404, 403, form={"provider": ""}),
    Door(HOME + "people/", 404, 403),
    Door(HOME + "people/appoint/", 404, 403, form={"address": "ben@acme.example", "role": "admin"}),
    Door(HOME + "people/{cast.ben}/role/", 404, 403, form={"role": "admin"}),
    Door(HOME + "people/{cast.cleo}/suspend/", 404, 403, form={}),
    Door(HOME + "people/{cast.cleo}/activate/", 404, 403, form={}),
    Door(HOME + "people/{cast.cleo}/", 404, 403, form={"text": "Leaves in May"}),
    Door(HOME + "people/{cast.dan}/", 404, 403, 404),
    Door(HOME + "people/{cast.cleo}/notes/1/remove/", 404, 302, 302, form={}, is_form_alone=True),
    Door(HOME + "people/{cast.cleo}/remove/", 404, 403, form={"scope": "whole"}),
    Door(HOME + "ask/", 404, 403, form={"type": "account", "key": "7", "reason": ""}),
    Door("/links/1/accept/", 404, 404, 404),
    Door("/links/1/refuse/", 404, 404, 404),
    Door("/links/1/withdraw/", 404, 404, 404, is_form_alone=True),
    Door("/account/100/link/", 404, 302, 302),
    Door("/activity/?organization=acme", 422, 200),
    Door(HOME + "link/", 404, 403, form={"account": "account:100"}),
    Door(HOME + "accounts/account/100/unlink/", 404, 403, form={"bindings": ""}),
)
