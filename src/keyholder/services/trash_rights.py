"""Trash rights: who may put a resource into the trash, and who may take it out again (semantics 4, reading 41)."""

from datetime import datetime, timedelta

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.refusals import Conflict, Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.engine.decision import Question, decide
from keyholder.engine.moment import Moment
from keyholder.services.authority import Authority
from keyholder.services.jurisdictions import manages
from keyholder.services.rules.holders import HOLDS_ACCOUNTS
from keyholder.services.warrants import Matter
from keyholder.storage import lineages, slices, trash
from keyholder.storage.models import Resource

ALREADY = _("{resource} is in the trash already.")
IN_TRASH = _("{resource} is in the trash: restore it first.")
NOT_THERE = _("{resource} is not in the trash.")
ABOVE = _("{above} is in the trash: restore it first, then {resource} can come back.")
MAY_NOT_RESTORE = _("Only somebody who manages {resource}, or may delete it, can restore it.")


def require_trashing(authority: Authority, row: Resource) -> None:
    """Raise unless the caller may put a resource into the trash now.

    NotFound for what they can't see, Conflict for what is there already, by itself or with what is above it, Forbidden without the
    blueprint's action ``TYPE.delete``, Conflict for what holds accounts that are not in the trash themselves (a host).
    """
    authority.see(row)
    if lineages.is_in_trash(row):
        raise Conflict("in_trash", sentence(ALREADY, resource=row.name))
    authority.require_action(f"{row.type}.delete", row)
    if trash.accounts_in(authority.catalogue, row).exists():
        raise Conflict("holds_accounts", sentence(HOLDS_ACCOUNTS, resource=row.name))


def require_out_of_trash(*rows: Resource) -> None:
    """Raise Conflict for the first of these that is in the trash, by itself or with what is above it."""
    for row in rows:
        if lineages.is_in_trash(row):
            raise Conflict("in_trash", sentence(IN_TRASH, resource=row.name))


def require_restoring(authority: Authority, row: Resource) -> None:
    """Raise unless the caller may take a resource out of the trash, judged on what would be effective without it.

    NotFound for what they can't see, Conflict for what is not there by itself and while something above it is, Forbidden for who neither
    manages it nor may delete it.
    """
    authority.see(row)
    if row.trashed_at is None:
        raise Conflict("not_in_trash", sentence(NOT_THERE, resource=row.name))
    if not may_restore(authority, row):
        raise Forbidden("may_not_restore", sentence(MAY_NOT_RESTORE, resource=row.name))
    above = next((node for node in lineages.of(row)[1:] if node.trashed_at is not None), None)
    if above is not None:
        raise Conflict("above_in_trash", sentence(ABOVE, above=above.name, resource=row.name))
    authority.warrants.allow(Matter.TRASH, row.pk)


def may_restore(authority: Authority, row: Resource) -> bool:
    """Say whether the caller would manage a resource, or might delete it, if nothing were in the trash."""
    me, here = authority.by.principal, ResourceId(row.pk)
    if me is None:
        return authority.by.is_instance
    return restores(Moment(slices.of([me], [here]).without_trash(), authority.catalogue, authority.by.at), me, here)


def restores(moment: Moment, me: PrincipalId, here: ResourceId) -> bool:
    """Say the same at a moment whose facts hold nothing in the trash."""
    lineage = moment.lineage(here)
    if not lineage:
        return False
    return manages(moment, me, here) or decide(moment, Question(me, here, action=f"{lineage[0].ref.type}.delete")).allowed


def ends_at(authority: Authority, row: Resource) -> datetime:
    """Return when what is in the trash is deleted for good; of what is not, when it would be if it were put there now."""
    return (row.trashed_at or authority.by.at) + timedelta(days=authority.catalogue.of(row.type).trash_days)
