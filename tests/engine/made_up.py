"""A fourth platform for the tests, with everything in one tree that the three shipped ones have apart.

Labs hold benches, benches hold drawers. A bench can be closed off and ``lend`` never reaches it from its lab; what is bound at a drawer
counts while the same principal is a guest of the lab; labs are linked to organizations, whose admins may look everywhere.
"""

from keyholder.domain.blueprint import NOTHING, Action, Assignment, Blueprint, Catalogue, Grants, Mask, Permission, ResourceType, Role
from keyholder.domain.blueprint_files import builtin

LABELS = {"en": "-"}
RULE, LEND, OPEN, LOOK = 8, 4, 2, 1


def blueprint() -> Blueprint:
    """Return the platform."""
    return Blueprint(
        name="laboratory",
        labels=LABELS,
        permissions={
            "rule": Permission("rule", Mask(RULE), Mask(RULE | LOOK), frozenset({"look"}), LABELS),
            "lend": Permission("lend", Mask(LEND), Mask(LEND | OPEN | LOOK), frozenset({"open"}), LABELS),
            "open": Permission("open", Mask(OPEN), Mask(OPEN | LOOK), frozenset({"look"}), LABELS),
            "look": Permission("look", Mask(LOOK), Mask(LOOK), frozenset(), LABELS),
        },
        roles={
            "keeper": Role("keeper", frozenset({"rule", "lend"}), Mask(RULE | LEND), LABELS),
            "guest": Role("guest", frozenset({"look"}), Mask(LOOK), LABELS),
        },
        types={
            "lab": _type("lab", None, links=True, account_level=True, guarded=True),
            "bench": _type("bench", "lab", closable=True, stops=Mask(LEND)),
            "drawer": _type("drawer", "bench", assignment=Assignment("guest", "lab")),
        },
        actions={
            "glass.lend": Action("glass.lend", "lend", frozenset({"lab"}), LABELS),
            "glass.look": Action("glass.look", "look", frozenset({"bench", "drawer"}), LABELS),
        },
        granting="rule",
        grants=Grants.HELD,
        standing_role="keeper",
        organization_admins_hold=Mask(LOOK),
    )


def catalogue() -> Catalogue:
    """Return all four platforms."""
    return Catalogue({**builtin().blueprints, "laboratory": blueprint()})


def _type(
    name: str,
    parent: str | None,
    *,
    closable: bool = False,
    stops: Mask = NOTHING,
    assignment: Assignment | None = None,
    links: bool = False,
    account_level: bool = False,
    guarded: bool = False,
) -> ResourceType:
    return ResourceType(
        name=name,
        blueprint="laboratory",
        parent=parent,
        labels=LABELS,
        plural=LABELS,
        permissions=frozenset({"rule", "lend", "open", "look"}),
        roles=frozenset({"keeper", "guest"}),
        closable=closable,
        stops=stops,
        assignment=assignment,
        links=links,
        account_level=account_level,
        guarded=guarded,
    )
