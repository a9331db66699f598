"""What holds accounts is not in the trash while one of them is not: a host with accounts cannot be deleted (semantics 4)."""

from collections.abc import Iterator

from keyholder.domain.identifiers import ResourceId
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.act import Act
from keyholder.storage import trash

HOLDS_ACCOUNTS = _("{resource} holds accounts: it can be deleted once none of them is left.")


def refusals(act: Act) -> Iterator[Conflict]:
    """Refuse what was put into the trash while it holds an account that is not there by itself, and an account made in such a place."""
    written = [ResourceId(change.id) for change in act.ledger.written if change.noun == "resource" and change.after]
    for holder in trash.holders_of_accounts(act.catalogue, written):
        yield Conflict("holds_accounts", sentence(HOLDS_ACCOUNTS, resource=holder.name))
