"""A group can be bound only within accounts linked to its own organization; a link that ends takes such bindings with it (R083)."""

from collections.abc import Iterator

from django.db.models import F, Q

from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.act import Act
from keyholder.storage.models import Binding, Group

FOREIGN = _(
    "The group {group} belongs to the organization {organization}: "
    "it can be given access only in accounts linked to that one, not at {resource}."
)


def refusals(act: Act) -> Iterator[Conflict]:
    """Refuse every written binding of a group at a resource whose tenant is not the group's organization."""
    bound = {c.id for c in act.ledger.written if c.noun == "binding" and c.after}
    moved = {
        c.id for c in act.ledger.written if c.noun == "resource" and c.before and c.after and c.before["tenant_id"] != c.after["tenant_id"]
    }
    if not bound and not moved:
        return
    rows = Binding.objects.filter(principal__group__isnull=False).exclude(resource__tenant=F("principal__group__organization__tenant"))
    foreign = {row.pk: row for chunk in _chunks(bound, moved) for row in rows.filter(chunk).select_related("resource")}
    for row in foreign.values():
        group = Group.objects.select_related("organization").get(pk=row.principal_id)
        yield Conflict(
            "foreign_group", sentence(FOREIGN, group=group.name, organization=group.organization.name, resource=row.resource.name)
        )


def _chunks(bound: set[int], moved: set[int], size: int = 500) -> Iterator[Q]:
    for ids, name in ((sorted(bound), "pk__in"), (sorted(moved), "resource__in")):
        for start in range(0, len(ids), size):
            yield Q(**{name: ids[start : start + size]})
