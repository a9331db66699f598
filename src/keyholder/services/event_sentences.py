"""Event sentences: an event's row told in words that a door translates; permissions and roles by what people call them."""

from collections.abc import Callable, Mapping, Sequence
from string import Formatter

from django.conf import settings

from keyholder.domain.blueprint import Blueprint
from keyholder.domain.events import ACTIONS, Channel
from keyholder.domain.policies import PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.sentences import Named, Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.storage.models import Event

UNKNOWN = _("{actor} did something that this version does not know: {action}.")
THE_OPERATOR = _("The operator")
THE_SYSTEM = _("The system")
NOTHING = _("nothing")
ROLES: Mapping[str, str] = {OrganizationRole.ADMIN.value: _("an admin"), OrganizationRole.USER_ADMIN.value: _("a user admin")}
MODES: Mapping[str, str] = {
    PolicyMode.ANYBODY.value: _("anybody"),
    PolicyMode.ADVISORY.value: _("advisory"),
    PolicyMode.ENFORCED.value: _("enforced"),
}
INSTANCE = {"", "operator"}
"""As whom the log knows the command line where nobody gave it a name."""
GIVING = frozenset(
    {
        "access.granted",
        "access.changed",
        "access.window_changed",
        "group.member_added",
        "group.member_changed",
        "group.owner_added",
        "organization.role_given",
    }
)

Words = str | Sentence | Named


def told(row: Event, blueprint: Blueprint | None) -> Sentence:
    """Tell an event; ``blueprint`` is that of the resource it happened at, where it still is there. What is missing is left empty."""
    template = ACTIONS.get(row.action, UNKNOWN)
    asked = [name for _text, name, _spec, _conversion in Formatter().parse(template) if name]
    own: Mapping[str, Words] = {"actor": actor_of(row), "action": row.action}
    return Sentence(template, {name: own.get(name) or words(name, row.details.get(name), blueprint) for name in asked})


def actor_of(row: Event) -> Words:
    """Return who did it as it is shown: by the name of then."""
    if row.actor is None and row.actor_name in INSTANCE:
        return sentence(THE_SYSTEM if row.channel == Channel.SYSTEM.value else THE_OPERATOR)
    return str(row.actor_name)


def is_self_grant(row: Event) -> bool:
    """Say whether somebody gave something to themselves (semantics 4, R037)."""
    return row.details.get("self") is True and row.action in GIVING and not row.refused


def words(name: str, value: object, blueprint: Blueprint | None) -> Words:
    """Return one detail in words: a list of permissions by their labels, a role, a mode, a language by its own name; the rest as it is."""
    if isinstance(value, list):
        return listed([called(str(item), blueprint) for item in value])
    if name == "role" and value in ROLES:
        return sentence(ROLES[str(value)])
    if name in CALLED:
        return CALLED[name](str(value or ""), blueprint)
    if name == "mode" and value in MODES:
        return sentence(MODES[str(value)])
    if name == "language":
        return dict(settings.LANGUAGES).get(str(value), str(value or ""))
    return "" if value is None else str(value)


def called(name: str, blueprint: Blueprint | None) -> Words:
    """Return what people call a permission or a role; its own name where the blueprint has no such thing any more."""
    known = blueprint is not None and (name in blueprint.permissions or name in blueprint.roles)
    return blueprint.called(name) if blueprint is not None and known else name


def kind_called(name: str, blueprint: Blueprint | None) -> Words:
    """Return what people call a kind of assets; its own name where the blueprint has no such kind any more."""
    return Named(blueprint.assets[name].labels) if blueprint is not None and name in blueprint.assets else name


def listed(items: Sequence[Words]) -> Sentence:
    """Join words by commas; each is translated by itself."""
    if not items:
        return sentence(NOTHING)
    fields = {f"item{number}": item for number, item in enumerate(items)}
    return Sentence(", ".join(f"{{{name}}}" for name in fields), fields)


CALLED: Mapping[str, Callable[[str, Blueprint | None], Words]] = {"kind": kind_called, "role": called}
"""Details that a blueprint has a word for."""
