"""Welcoming: adding those who are known at a place and inviting everybody else, in one transaction (R041, R042, R101)."""

from collections.abc import Sequence
from dataclasses import dataclass

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.permissions import bindable
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import additions, inviting
from keyholder.services.commands.binding_rows import Granted
from keyholder.services.commands.finding import resource_row
from keyholder.services.commands.inviting import Invited, Wish


@dataclass(frozen=True, slots=True)
class Welcomed:
    """What became of everybody: who was added, and who was invited, each with the link that is told this once."""

    granted: tuple[Granted, ...] = ()
    invited: tuple[Invited, ...] = ()


def welcome(
    *,
    by: Caller,
    on: ResourceId,
    to: Sequence[PrincipalId],
    addresses: Sequence[str],
    random: Sequence[bytes],
    wish: Wish,
    notify: bool = False,
) -> Welcomed:
    """Give known people what the wish says, and invite addresses to the same, all or none.

    With ``notify`` each of the known who gains something is sent one letter (R045); who is invited gets the invitation and no other.
    Raises what :func:`keyholder.services.commands.additions.add` and :func:`keyholder.services.commands.inviting.invite` raise.
    """
    asked = inviting.read_addresses(addresses)
    with acting(by, scopes.both(scopes.of_resources(on), scopes.of_groups(*wish.groups))) as act:
        resource = resource_row(act, on)
        granted: tuple[Granted, ...] = ()
        if to:
            wanted = bindable(act.catalogue, resource.type, permissions=wish.permissions, role=wish.role)
            granted = additions.give(act, resource, to, wanted, wish.groups, wish.window, notify=notify)
        return Welcomed(granted, inviting.send(act, resource, asked, wish, random))
