"""Reading a state file: from the plain tree that YAML or JSON gives to a State, or everything that is wrong with it (contract 3).

Only what the file says and names is judged here. What the resulting state breaks (cycles, long chains, groups bound outside their
organization, pixels, managers, owners, policies) the commands judge that make the state.
"""

from typing import Final

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.characters import escaped
from keyholder.domain.names import name_key
from keyholder.domain.principals import Status
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.state import VERSION, ServiceAccountState, State, UserState
from keyholder.domain.state_names import Known, Names
from keyholder.domain.state_problems import SHAPE, UNKNOWN, Once, Place, Problems
from keyholder.domain.state_reading_access import read_access
from keyholder.domain.state_reading_assets import read_assets
from keyholder.domain.state_reading_organizations import read_organizations
from keyholder.domain.state_reading_resources import read_resources
from keyholder.domain.state_shapes import Entry, Shape

__all__ = ["Known", "read_state"]

_TOP = Shape(("version",), ("organizations", "users", "service_accounts", "resources", "access"))
_USER = Shape(("email", "name"), ("status", "outside_policy"))
_SERVICE_ACCOUNT = Shape(("name",))

_NO_VERSION: Final = _('The version "{version}" is not known; this is version {known}.')
_NOT_A_STATE: Final = _("A state file begins with keys, the first of them version: {known}.")


def read_state(tree: object, catalogue: Catalogue, known: Known | None = None) -> State:
    """Return the state that a file declares.

    ``tree`` is made of dictionaries, lists, texts, numbers and booleans. ``known`` is what the database holds already: the file may name it
    without declaring it. Raises Refusals with every problem, each Invalid with its place: ``access[3].permissions[0]``. Only a version that
    is not known is reported alone, because nothing can be said about the rest.
    """
    problems = Problems()
    _check_version(tree, problems)
    names = Names(tree, catalogue, known or Known(), problems)
    top = names.entry(tree, (), _TOP)
    state = State(
        organizations=read_organizations(top, names),
        users=_users(top, names),
        service_accounts=_service_accounts(top, names),
        resources=read_resources(top, names),
        access=read_access(top, names),
        assets=read_assets(top, names),
    )
    problems.end()
    return state


def _check_version(tree: object, problems: Problems) -> None:
    if not isinstance(tree, dict):
        problems.add((), SHAPE, sentence(_NOT_A_STATE, known=VERSION))
    elif "version" in tree and not _is_ours(tree["version"]):
        problems.add(("version",), UNKNOWN, sentence(_NO_VERSION, version=escaped(str(tree["version"])), known=VERSION))
    problems.end()


def _is_ours(version: object) -> bool:
    return isinstance(version, int) and not isinstance(version, bool) and version == VERSION


def _users(top: Entry, names: Names) -> tuple[UserState, ...]:
    once = Once(names.problems)
    return tuple(_user(row, place, names, once) for row, place in names.rows(top, "users", ()))


def _user(row: object, place: Place, names: Names, once: Once) -> UserState:
    entry = names.entry(row, place, _USER)
    canonical = names.address(entry["email"], (*place, "email")) if "email" in entry else ""
    once.see(canonical, (*place, "email"))
    return UserState(
        email=str(entry.get("email", "")).strip(" "),
        canonical=canonical,
        name=names.name(entry, place),
        status=names.choice(entry, "status", place, Status.ACTIVE),
        outside_policy=names.flag(entry, "outside_policy", place),
    )


def _service_accounts(top: Entry, names: Names) -> tuple[ServiceAccountState, ...]:
    once = Once(names.problems)
    return tuple(_service_account(row, place, names, once) for row, place in names.rows(top, "service_accounts", ()))


def _service_account(row: object, place: Place, names: Names, once: Once) -> ServiceAccountState:
    name = names.name(names.entry(row, place, _SERVICE_ACCOUNT), place)
    once.see(name_key(name), (*place, "name"))
    return ServiceAccountState(name)
