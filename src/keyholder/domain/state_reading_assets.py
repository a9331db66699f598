"""The assets of a state file: each stands in the entry of the resource that it lives in, under ``assets``."""

from typing import Final

from keyholder.domain.assets import clean_body
from keyholder.domain.blueprint import AssetKind
from keyholder.domain.identifiers import PrincipalKind, ResourceRef
from keyholder.domain.names import clean_description
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.state import AssetState, PrincipalRef, user_ref
from keyholder.domain.state_names import NOWHERE, Names
from keyholder.domain.state_problems import NESTING, SHAPE, UNKNOWN, Once, Place, listed, no_such
from keyholder.domain.state_shapes import Entry, Shape

_ASSET = Shape(("kind", "name"), ("owner", "service_account", "description", "body", "marked", "applied"))

_NO_KIND: Final = _('There is no kind of assets "{kind}" at {type}; there are: {known}.')
_NO_KINDS: Final = _("There are no assets at {type}: leave the key out.")
_ONE_OWNER: Final = _("An asset has one owner: a user or a service account.")
_NEVER_PERSONAL: Final = _("{kind} belongs to its resource and to nobody else: leave the key out.")
_NEVER_MARKED: Final = _("{kind} is not marked: leave the key out.")
_OWN_UNMARKED: Final = _("What somebody owns is not marked: leave the key out.")
_NEVER_APPLIED: Final = _("{kind} is applied nowhere: leave the key out.")
_WRONG_PLACE: Final = _("{kind} is applied at {type}, not at {given}.")


def read_assets(top: Entry, names: Names) -> tuple[AssetState, ...]:
    """Read the lists in the entries of the resources; what is wrong with those entries themselves is noted by their reader."""
    once = Once(names.problems)
    resources = top.get("resources")
    found: list[AssetState] = []
    for number, row in enumerate(resources if isinstance(resources, list) else ()):
        if isinstance(row, dict) and row.get("assets") is not None:
            home = _home(row, names)
            rows = names.rows(row, "assets", ("resources", number))
            found.extend(_asset(value, place, home, names, once) for value, place in rows)
    return tuple(found)


def _home(row: Entry, names: Names) -> ResourceRef:
    type_, key = row.get("type"), row.get("id")
    is_read = isinstance(type_, str) and isinstance(key, str) and type_ in names.catalogue.types
    return ResourceRef(str(type_), str(key)) if is_read else NOWHERE


def _asset(value: object, place: Place, home: ResourceRef, names: Names, once: Once) -> AssetState:
    entry = names.entry(value, place, _ASSET)
    kind = _kind(entry, home, place, names)
    found = AssetState(
        resource=home,
        kind=kind.name if kind else "",
        name=names.name(entry, place),
        owner=_owner(entry, kind, place, names),
        description=_text(entry, "description", place, names),
        body=_text(entry, "body", place, names),
        marked=names.flag(entry, "marked", place),
        applied=_applied(entry, kind, place, names),
    )
    _check_mark(entry, kind, place, names)
    once.see(found.ref if kind and found.name and home != NOWHERE else None, (*place, "name"))
    return found


def _kind(entry: Entry, home: ResourceRef, place: Place, names: Names) -> AssetKind | None:
    where = (*place, "kind")
    name = names.text(entry["kind"], where) if "kind" in entry else ""
    if not name or home == NOWHERE:
        return None
    here = {kind.name: kind for kind in names.catalogue.of(home.type).assets.values() if home.type in kind.types}
    if name not in here:
        template = _NO_KIND if here else _NO_KINDS
        names.problems.add(where, UNKNOWN, no_such(name, sentence(template, kind=name, type=home.type, known=listed(here))))
    return here.get(name)


def _owner(entry: Entry, kind: AssetKind | None, place: Place, names: Names) -> PrincipalRef | None:
    named = [key for key in ("owner", "service_account") if key in entry]
    if len(named) > 1:
        names.problems.add(place, SHAPE, sentence(_ONE_OWNER))
    if not named:
        return None
    where = (*place, named[0])
    if kind is not None and not kind.personal:
        names.problems.add(where, SHAPE, sentence(_NEVER_PERSONAL, kind=kind.name))
    if named[0] == "owner":
        return user_ref(names.user(entry["owner"], where))
    return PrincipalRef(PrincipalKind.SERVICE_ACCOUNT, names.service_account(entry["service_account"], where))


def _text(entry: Entry, key: str, place: Place, names: Names) -> str:
    clean = clean_body if key == "body" else clean_description
    return names.problems.attempt((*place, key), clean, entry[key], "") if key in entry else ""


def _applied(entry: Entry, kind: AssetKind | None, place: Place, names: Names) -> tuple[ResourceRef, ...]:
    if "applied" in entry and kind is not None and not kind.applies_to:
        names.problems.add((*place, "applied"), SHAPE, sentence(_NEVER_APPLIED, kind=kind.name))
        return ()
    once = Once(names.problems)
    found = []
    for value, where in names.rows(entry, "applied", place):
        ref = names.resource(value, where)
        if kind is not None and ref != NOWHERE and ref.type != kind.applies_to:
            wrong = sentence(_WRONG_PLACE, kind=kind.name, type=kind.applies_to, given=ref.type)
            names.problems.add(where, NESTING, wrong)
        once.see(ref if ref != NOWHERE else None, where)
        found.append(ref)
    return tuple(found)


def _check_mark(entry: Entry, kind: AssetKind | None, place: Place, names: Names) -> None:
    if "marked" not in entry or kind is None:
        return
    if not kind.marked:
        names.problems.add((*place, "marked"), SHAPE, sentence(_NEVER_MARKED, kind=kind.name))
    elif "owner" in entry or "service_account" in entry:
        names.problems.add((*place, "marked"), SHAPE, sentence(_OWN_UNMARKED))
