"""The doors of the console as a table: an address, and what it answers to whom. One row for each page and each form."""

from dataclasses import dataclass, field
from typing import Any

from tests.cast import Cast


@dataclass(frozen=True, slots=True)
class Door:
    """A page. ``url`` is filled with the numbers of the cast; who is not signed in is sent to sign in everywhere.

    The stranger is Dan, the reader is Cleo, who is in the organization and an analyst, the manager is Alice. ``form`` is what the page
    sends, None for a page that only shows; ``is_form_alone`` marks an address that answers nothing but a form.
    """

    url: str
    stranger: int
    reader: int
    manager: int = 200
    form: dict[str, Any] | None = field(default=None, hash=False)
    is_form_alone: bool = False

    def at(self, cast: Cast) -> str:
        """Return the address in the cast's world."""
        return self.url.format(cast=cast)


GROUP = "/groups/{cast.analysts}/"
HOME = "/organizations/{cast.acme}/"
DOORS: tuple[Door, ...] = (
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
    Door("/groups/{cast.interns}/nest/?group={cast.analysts}", 404, 403, form={"group": "{cast.analysts}"}),
    Door("/account/100/users/group/", 404, 403, form={"group": "{cast.interns}", "permissions": ["edit"], "step": "save"}),
    Door("/organizations/", 200, 302, 302),
    Door("/organizations/new/", 200, 200, form={"name": "Bolt"}),
    Door(HOME, 404, 200),
    Door(HOME + "change/", 404, 403, form={"name": "Zenith", "identity_source": "open"}),
    Door(HOME + "policy/", 404, 403, form={"mode": "enforced", "allowed_domains": "acme.example", "step": "save"}),
    Door(HOME + "people/", 404, 403),
    Door(HOME + "people/appoint/", 404, 403, form={"address": "ben@acme.example", "role": "admin"}),
    Door(HOME + "people/{cast.ben}/role/", 404, 403, form={"role": "admin"}),
    Door(HOME + "people/{cast.cleo}/suspend/", 404, 403, form={}),
    Door(HOME + "people/{cast.cleo}/activate/", 404, 403, form={}),
    Door(HOME + "link/", 404, 403, form={"account": "account:100"}),
    Door(HOME + "accounts/account/100/unlink/", 404, 403, form={"bindings": ""}),
)
