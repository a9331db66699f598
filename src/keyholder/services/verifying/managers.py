"""Managers: I-MG-1 to 3."""

from collections.abc import Iterator

from keyholder.domain.identifiers import ResourceId
from keyholder.domain.sentences import gettext_noop as _
from keyholder.services.verifying.findings import Finding, Instance, finding
from keyholder.storage import guards, tallies
from keyholder.storage.statements import FAR_PAST

NO_MANAGER = _("{noun} {row} has no standing manager and is not marked as awaiting one.")
NO_ADMIN = _("{noun} {row} had an active admin and has none.")
NO_OPERATOR = _("This instance had an active operator and has none.")
HAS_ONE = _("{noun} {row} is marked as awaiting a manager and has a standing one.")
AT_ONCE = 500
"""Resources that one statement looks at."""


def accounts(instance: Instance) -> Iterator[Finding]:
    """I-MG-1 and I-MG-3: every account and host has a standing manager, or says that it awaits one; and only then."""
    rows = tallies.guarded(instance.catalogue)
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        managed = guards.managed([resource for resource, _awaiting in part], instance.catalogue, instance.at)
        for resource, awaiting in part:
            if not awaiting and resource not in managed:
                yield finding("I-MG-1", NO_MANAGER, "resource", resource)
        yield from _marked(instance, [resource for resource, awaiting in part if awaiting])


def organizations(_instance: Instance) -> Iterator[Finding]:
    """I-MG-1: an organization that had an active admin keeps one."""
    led = tallies.ever_led()
    for organization in sorted(guards.organizations_without_admin(led)):
        yield finding("I-MG-1", NO_ADMIN, "organization", organization)


def operators(_instance: Instance) -> Iterator[Finding]:
    """I-MG-2: an instance that had an operator keeps one."""
    if tallies.ever_operated() and not guards.has_operator():
        yield finding("I-MG-2", NO_OPERATOR)


def _marked(instance: Instance, awaiting: list[ResourceId]) -> Iterator[Finding]:
    """Go through the resources that are marked and have a manager by rows without a beginning: no passing of time made that one."""
    for resource in sorted(guards.managed(awaiting, instance.catalogue, FAR_PAST)):
        yield finding("I-MG-3", HAS_ONE, "resource", resource)
