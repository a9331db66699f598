"""A permission that is assigned one by one (pixels) goes only to a person who holds its role at the account (semantics 1)."""

from collections.abc import Iterator
from datetime import datetime

from keyholder.domain.blueprint import Assignment
from keyholder.domain.identifiers import PrincipalKind
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.act import Act
from keyholder.storage import lineages
from keyholder.storage.models import Binding

UNASSIGNABLE = _('{resource} can be assigned only to a person who has the role "{role}" at its account.')


def refusals(act: Act) -> Iterator[Conflict]:
    """Refuse every written assignment whose principal is no person or does not hold the role at the account, nor is to have it later.

    What a state file says to be assigned without the role sleeps on, as it did where the file comes from; in a file also a role that is
    over counts, for it tells of what was.
    """
    types = {t.name: t.assignment for t in act.catalogue.types.values() if t.assignment is not None}
    since = None if act.tells_history else act.at
    written = sorted(c.id for c in act.ledger.written if c.noun == "binding" and c.after)
    for start in range(0, len(written) if types else 0, 500):
        rows = Binding.objects.filter(pk__in=written[start : start + 500], resource__type__in=types).select_related("resource", "principal")
        for row in rows:
            assignment = types[row.resource.type]
            if (row.principal_id, row.resource_id) not in act.asleep and not _holds_role(row, assignment, since):
                yield Conflict(
                    "unassignable",
                    sentence(UNASSIGNABLE, resource=row.resource.name, role=act.catalogue.of(row.resource.type).called(assignment.role)),
                )


def _holds_role(row: Binding, assignment: Assignment, at: datetime | None) -> bool:
    if row.principal.kind != PrincipalKind.USER.value:
        return False
    above = lineages.numbers(row.resource.path)
    roles = Binding.objects.filter(principal=row.principal_id, role=assignment.role, resource__in=above, resource__type=assignment.at)
    return roles.exists() if at is None else roles.exclude(ends_at__lte=at).exists()
