"""The log: I-AU-1 to 3, I-CO-1, and what replaying it says of numbers (I-GR-5)."""

from collections.abc import Iterator

from keyholder.domain.sentences import gettext_noop as _
from keyholder.services.verifying.findings import Finding, Instance, finding
from keyholder.storage import audit, leaks, replay, tallies
from keyholder.storage.replay import Difference

CHAIN = _("Event {number} of tenant {row}: {why}.")
FEED = _("At revision {revision} of tenant {row} the feed and the events do not tell the same changes.")
GAPS = _("The revisions of tenant {row} have a gap, or go on beyond its own.")
SECRET = _("Event {row} holds a secret, or more than the facts.")
SAID = {
    Difference.BROKEN: _("Event {event} begins with another {noun} {row} than the events before it left."),
    Difference.REUSED: _("Event {event} makes {noun} {row}, whose number was given before."),
    Difference.ALTERED: _("{noun} {row} is not as the log left it."),
    Difference.MISSING: _("The log left {noun} {row}, and it is not there."),
    Difference.UNTOLD: _("{noun} {row} is there, and no event made it."),
}


def chains(_instance: Instance) -> Iterator[Finding]:
    """I-AU-1: every chain holds, and the feed tells what the events tell."""
    for flaw in audit.verify():
        yield finding("I-AU-1", CHAIN, "tenant", flaw.tenant, number=flaw.number, why=flaw.why)
    for tenant, revision in tallies.feed_differs():
        yield finding("I-AU-1", FEED, "tenant", tenant, revision=revision)


def revisions(_instance: Instance) -> Iterator[Finding]:
    """I-CO-1: the revisions of a tenant have no gaps."""
    for tenant in tallies.revisions_with_gaps():
        yield finding("I-CO-1", GAPS, "tenant", tenant)


def replayed(_instance: Instance) -> Iterator[Finding]:
    """I-AU-2 and I-GR-5: replaying the log gives the present rows, and no number was given twice."""
    for found in replay.discrepancies():
        invariant = "I-GR-5" if found.kind is Difference.REUSED else "I-AU-2"
        yield finding(invariant, SAID[found.kind], found.noun, found.row, event=found.event)


def secrets(_instance: Instance) -> Iterator[Finding]:
    """I-AU-3: no secret stands in the log."""
    for event in leaks.leaks():
        yield finding("I-AU-3", SECRET, "event", event)
