"""The access entries of a state file: who, where, what, from when until when."""

from typing import Final, assert_never

from keyholder.domain.identifiers import PrincipalKind
from keyholder.domain.permissions import bindable
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.state import AccessState, PrincipalRef, user_ref
from keyholder.domain.state_names import NOBODY, NOWHERE, Names
from keyholder.domain.state_problems import SHAPE, Once, Place, no_such
from keyholder.domain.state_rows import binding_key
from keyholder.domain.state_shapes import Entry, Shape

_PRINCIPALS = tuple(kind.value for kind in PrincipalKind)
_ACCESS = Shape(("resource",), (*_PRINCIPALS, "permissions", "role", "from", "until", "without_role"))

_ONE_PRINCIPAL: Final = _("An entry names one principal: user, group or service_account.")
_ONE_SET: Final = _("An entry gives either permissions or a role.")
_NO_PERMISSIONS: Final = _("At least one permission is expected here.")
_NEEDS_NO_ROLE: Final = _("What is given at {type} counts beside no role: leave the key out.")


def read_access(top: Entry, names: Names) -> tuple[AccessState, ...]:
    """Read the list at the top of the file."""
    reading = _Reading(names)
    return tuple(reading.row(row, place) for row, place in names.rows(top, "access", ()))


class _Reading:
    """Remembers which sets are known to be good, and what stands in the list already."""

    def __init__(self, names: Names) -> None:
        """Begin the list."""
        self._names = names
        self._problems = names.problems
        self._once = Once(names.problems)
        self._good: set[tuple[str, tuple[str, ...], str]] = set()

    def row(self, value: object, place: Place) -> AccessState:
        """Read one entry."""
        before = len(self._problems)
        entry = self._names.entry(value, place, _ACCESS)
        resource = self._names.resource(entry.get("resource", ""), (*place, "resource")) if "resource" in entry else None
        principal = self._principal(entry, place)
        permissions, role = self._set(entry, resource.type if resource else "", place)
        window = self._names.window(entry, place)
        without_role = self._mark(entry, resource.type if resource else "", place)
        if resource is None or len(self._problems) > before:
            return AccessState(NOBODY, resource or NOWHERE)
        found = AccessState(principal, resource, permissions, role, window, without_role)
        self._once.see(binding_key(found), place)
        return found

    def _principal(self, entry: Entry, place: Place) -> PrincipalRef:
        named = [kind for kind in _PRINCIPALS if kind in entry]
        if len(named) != 1:
            self._problems.add(place, SHAPE, sentence(_ONE_PRINCIPAL))
            return NOBODY
        where = (*place, named[0])
        value = entry[named[0]]
        match kind := PrincipalKind(named[0]):
            case PrincipalKind.USER:
                return user_ref(self._names.user(value, where))
            case PrincipalKind.GROUP:
                return self._names.group(value, where)
            case PrincipalKind.SERVICE_ACCOUNT:
                return PrincipalRef(kind, self._names.service_account(value, where))
            case _:
                assert_never(kind)

    def _set(self, entry: Entry, type_name: str, place: Place) -> tuple[tuple[str, ...], str]:
        if ("permissions" in entry) == ("role" in entry):
            self._problems.add(place, SHAPE, sentence(_ONE_SET))
            return (), ""
        if "role" in entry:
            role = self._names.text(entry["role"], (*place, "role"))
            if role and type_name:
                self._judge(type_name, (), role, (*place, "role"))
            return (), role
        return self._permissions(entry, type_name, place), ""

    def _permissions(self, entry: Entry, type_name: str, place: Place) -> tuple[str, ...]:
        once = Once(self._problems)
        found = []
        for item, where in self._names.rows(entry, "permissions", place):
            permission = self._names.text(item, where)
            once.see(permission, where)
            if permission and type_name:
                self._judge(type_name, (permission,), "", where)
            found.append(permission)
        if entry["permissions"] == []:
            self._problems.add((*place, "permissions"), SHAPE, sentence(_NO_PERMISSIONS))
        return tuple(found)

    def _mark(self, entry: Entry, type_name: str, place: Place) -> bool:
        marked = self._names.flag(entry, "without_role", place)
        if marked and type_name and self._names.catalogue.types[type_name].assignment is None:
            self._problems.add((*place, "without_role"), SHAPE, sentence(_NEEDS_NO_ROLE, type=type_name))
        return marked

    def _judge(self, type_name: str, permissions: tuple[str, ...], role: str, place: Place) -> None:
        """Note why a set can't be bound at a type."""
        asked = (type_name, permissions, role)
        if asked in self._good:
            return
        try:
            bindable(self._names.catalogue, type_name, permissions=permissions, role=role)
        except Invalid as refusal:
            self._problems.add(place, refusal.code, no_such("".join(permissions) or role, refusal.sentence))
        else:
            self._good.add(asked)
