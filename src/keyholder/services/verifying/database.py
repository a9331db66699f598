"""The database: I-DB-1."""

from collections.abc import Iterator

from keyholder.domain.sentences import gettext_noop as _
from keyholder.services.verifying.findings import Finding, Instance, finding
from keyholder.storage import durability

FAULT = _("The database: {fault}.")


def faults(_instance: Instance) -> Iterator[Finding]:
    """I-DB-1: the database is whole, and keeps what it acknowledges."""
    for fault in durability.faults():
        yield finding("I-DB-1", FAULT, fault=fault)
