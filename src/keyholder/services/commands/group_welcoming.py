"""Putting people into a group, the known at once and everybody else by an invitation, in one transaction (R071, R101, semantics 4 to 6)."""

from collections.abc import Sequence

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import group_members, inviting
from keyholder.services.commands.binding_rows import Granted
from keyholder.services.commands.finding import group_row
from keyholder.services.commands.inviting import Wish
from keyholder.services.commands.welcoming import Welcomed
from keyholder.services.group_places import inviting_place

NO_PLACE = _("Nobody can be invited to {group} yet: no account of its organization is there for you. Ask one of its admins to invite them.")


def welcome(
    *,
    by: Caller,
    group: PrincipalId,
    members: Sequence[PrincipalId],
    addresses: Sequence[str],
    random: Sequence[bytes],
    window: Window = ALWAYS,
    message: str = "",
    reason: str = "",
) -> Welcomed:
    """Put known people into a group and invite addresses to it, all or none; what the group gives waits for their acceptance.

    Whoever manages the group's members may, whatever else they manage: it gives what membership gives and no more. The invitation is about
    the account that :func:`keyholder.services.group_places.inviting_place` finds. Raises what
    :func:`keyholder.services.commands.group_members.add` and :func:`keyholder.services.commands.inviting.invite` raise, and Conflict where
    there is no such account.
    """
    asked = inviting.read_addresses(addresses)
    with acting(by, scopes.of_groups(group)) as act:
        row = group_row(group)
        act.authority.require_owner(row)
        account = inviting_place(act.authority, row)
        if account is None:
            raise Conflict("no_place", sentence(NO_PLACE, group=row.name))
        granted: tuple[Granted, ...] = group_members.admit(act, group, members, window, reason) if members else ()
        wish = Wish(groups=[group], window=window, message=message)
        return Welcomed(granted, inviting.send(act, account, asked, wish, random))
