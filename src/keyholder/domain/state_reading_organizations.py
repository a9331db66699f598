"""The organizations of a state file: their people, their policy, their groups."""

from collections.abc import Callable
from typing import Final, TypeVar

from keyholder.domain.names import clean_description, name_key
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.state import GroupState, IdentitySource, MemberState, NestedState, OrganizationState
from keyholder.domain.state_names import Names
from keyholder.domain.state_problems import SHAPE, Once, Place
from keyholder.domain.state_shapes import Entry, Shape
from keyholder.domain.windows import ALWAYS, Window

Row = TypeVar("Row")

_ORGANIZATION = Shape(("key", "name"), ("admins", "user_admins", "suspended", "identity_source", "policy", "groups"))
_POLICY = Shape((), ("mode", "allowed_domains", "allowed_addresses", "blocked_addresses", "verified_only"))
_GROUP = Shape(("key", "name"), ("description", "owners", "members", "groups"))
_MEMBER = Shape(("user",), ("from", "until"))
_NESTED = Shape(("group",), ("from", "until"))

_NO_SLASH: Final = _('The key of an organization holds no "/": it parts the organization from the group.')


def read_organizations(top: Entry, names: Names) -> tuple[OrganizationState, ...]:
    """Read the list at the top of the file."""
    once = Once(names.problems)
    return tuple(_organization(row, place, names, once) for row, place in names.rows(top, "organizations", ()))


def _organization(row: object, place: Place, names: Names, once: Once) -> OrganizationState:
    entry = names.entry(row, place, _ORGANIZATION)
    key = names.key(entry, place)
    once.see(key, (*place, "key"))
    if "/" in key:
        names.problems.add((*place, "key"), SHAPE, sentence(_NO_SLASH))
    admins = _people(entry, "admins", place, names)
    return OrganizationState(
        key=key,
        name=names.name(entry, place),
        admins=admins,
        user_admins=tuple(user for user in _people(entry, "user_admins", place, names) if user not in admins),
        suspended=_people(entry, "suspended", place, names),
        identity_source=names.choice(entry, "identity_source", place, IdentitySource.OPEN),
        policy=_policy(entry, place, names),
        groups=_groups(entry, key, place, names),
    )


def _people(entry: Entry, key: str, place: Place, names: Names) -> tuple[str, ...]:
    return _each(entry, key, place, names, names.user)


def _each(entry: Entry, key: str, place: Place, names: Names, read: Callable[[object, Place], Row]) -> tuple[Row, ...]:
    """Read the items of a list that holds nothing twice, without those that can't be read."""
    once = Once(names.problems)
    found = []
    for item, where in names.rows(entry, key, place):
        before = len(names.problems)
        row = read(item, where)
        if len(names.problems) == before:
            once.see(row, where)
            found.append(row)
    return tuple(found)


def _policy(entry: Entry, place: Place, names: Names) -> Policy:
    if "policy" not in entry:
        return Policy()
    where = (*place, "policy")
    policy = names.entry(entry["policy"], where, _POLICY)

    def read(field: str) -> tuple[str, ...]:
        return _each(policy, field, where, names, lambda value, at: _policy_item(field, value, at, names))

    return Policy(
        mode=names.choice(policy, "mode", where, PolicyMode.ANYBODY),
        allowed_domains=read("allowed_domains"),
        allowed_addresses=read("allowed_addresses"),
        blocked_addresses=read("blocked_addresses"),
        verified_only=names.flag(policy, "verified_only", where),
    )


def _policy_item(field: str, value: object, place: Place, names: Names) -> str:
    """Return one domain or address as a policy writes it, by making a policy of it alone."""

    def alone(text: object) -> str:
        policy = Policy(**{field: (text,)})  # type: ignore[arg-type] # the field is one of the lists
        return "".join(getattr(policy, field))

    text = names.text(value, place)
    return names.problems.attempt(place, alone, text, "") if text else ""


def _groups(entry: Entry, organization: str, place: Place, names: Names) -> tuple[GroupState, ...]:
    keys, titles = Once(names.problems), Once(names.problems)
    found = []
    for row, where in names.rows(entry, "groups", place):
        group = _group(row, organization, where, names)
        keys.see(group.key, (*where, "key"))
        titles.see(name_key(group.name), (*where, "name"))
        found.append(group)
    return tuple(found)


def _group(row: object, organization: str, place: Place, names: Names) -> GroupState:
    entry = names.entry(row, place, _GROUP)

    def member(value: object, at: Place) -> MemberState:
        user, window = _windowed(value, "user", _MEMBER, at, names, names.user)
        return MemberState(user, window)

    def nested(value: object, at: Place) -> NestedState:
        group, window = _windowed(value, "group", _NESTED, at, names, lambda key, spot: names.group_within(organization, key, spot))
        return NestedState(group, window)

    return GroupState(
        key=names.key(entry, place),
        name=names.name(entry, place),
        description=names.problems.attempt((*place, "description"), clean_description, entry.get("description", ""), ""),
        owners=_people(entry, "owners", place, names),
        members=_each(entry, "members", place, names, member),
        groups=_each(entry, "groups", place, names, nested),
    )


def _windowed(
    value: object, key: str, shape: Shape, place: Place, names: Names, read: Callable[[object, Place], str]
) -> tuple[str, Window]:
    """Read a member that is named alone, or in an entry with its window."""
    if not isinstance(value, dict):
        return read(value, place), ALWAYS
    entry = names.entry(value, place, shape)
    name = read(entry[key], (*place, key)) if key in entry else ""
    return name, names.window(entry, place)
