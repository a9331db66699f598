"""The names of a state file: what it declares, what the database knows already, and what its references mean."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final

from keyholder.domain.addresses import canon, is_confusable
from keyholder.domain.blueprint import Catalogue
from keyholder.domain.characters import escaped
from keyholder.domain.identifiers import PrincipalKind, ResourceRef
from keyholder.domain.names import name_key
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.state import PrincipalRef, State, group_ref
from keyholder.domain.state_problems import SHAPE, UNKNOWN, Place, Problems, listed, no_such
from keyholder.domain.state_rows import groups
from keyholder.domain.state_shapes import Reader

NOWHERE = ResourceRef("", "")
"""Stands for a resource whose reference could not be read."""
NOBODY = PrincipalRef(PrincipalKind.USER, "")
"""Stands for a principal whose reference could not be read."""

_NO_USER: Final = _("{address} is neither in the file nor in the database.")
_LOOK_ALIKE_DOMAIN: Final = _("{address} is neither in the file nor in the database; its domain holds letters that look like others.")
_NO_SERVICE_ACCOUNT: Final = _('The service account "{name}" is neither in the file nor in the database.')
_NO_ORGANIZATION: Final = _('The organization "{key}" is neither in the file nor in the database.')
_NO_GROUP: Final = _('The group "{group}" is neither in the file nor in the database.')
_FOREIGN_GROUP: Final = _('{organization} has no group "{key}"; those of other organizations ({others}) stay outside its groups.')
_GROUP_SHAPE: Final = _('"{text}" is not a group: write ORGANIZATION/KEY, as in acme/analysts.')
_RESOURCE_SHAPE: Final = _('"{text}" is not a resource: write TYPE:ID, as in account:100.')
_NO_TYPE: Final = _('There is no resource type "{type}"; there are: {known}.')
_NO_RESOURCE: Final = _("{resource} is neither in the file nor in the database.")


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds: canonical addresses, name keys of service accounts, organization keys, groups and resources."""

    users: Container[str] = ()
    service_accounts: Container[str] = ()
    organizations: Container[str] = ()
    groups: Container[PrincipalRef] = ()
    resources: Container[ResourceRef] = ()

    @classmethod
    def of(cls, state: State) -> "Known":
        """Return the names of a whole state."""
        return cls(
            users=frozenset(row.canonical for row in state.users),
            service_accounts=frozenset(row.key for row in state.service_accounts),
            organizations=frozenset(row.key for row in state.organizations),
            groups=frozenset(groups(state)),
            resources=frozenset(row.ref for row in state.resources),
        )


class Names(Reader):
    """Reads references: each returns what is meant, or something empty after noting why nothing is."""

    def __init__(self, tree: object, catalogue: Catalogue, known: Known, problems: Problems) -> None:
        """Go through what a file declares; what is wrong there is noted later, by the readers of the entries."""
        super().__init__(problems)
        self.catalogue = catalogue
        self._known = known
        self._canonical: dict[str, str] = {}
        self._users = frozenset(self._quietly(row.get("email")) for row in _entries(tree, "users"))
        self._service_accounts = frozenset(name_key(str(row.get("name"))) for row in _entries(tree, "service_accounts"))
        organizations = [(str(row.get("key")), row) for row in _entries(tree, "organizations")]
        self._organizations = frozenset(key for key, _row in organizations)
        self._groups = frozenset(group_ref(key, str(group.get("key"))) for key, row in organizations for group in _entries(row, "groups"))
        self._resources = frozenset(ResourceRef(str(row.get("type")), str(row.get("id"))) for row in _entries(tree, "resources"))

    def address(self, value: object, place: Place) -> str:
        """Return the canonical form of an address, whether or not it is declared."""
        text = self.text(value, place)
        if not text:
            return ""
        if text not in self._canonical:
            self._canonical[text] = self.problems.attempt(place, canon, text, "")
        elif not self._canonical[text]:
            self.problems.attempt(place, canon, text, "")
        return self._canonical[text]

    def user(self, value: object, place: Place) -> str:
        """Return the canonical address of a person."""
        canonical = self.address(value, place)
        if canonical and canonical not in self._users and canonical not in self._known.users:
            template = _LOOK_ALIKE_DOMAIN if is_confusable(canonical) else _NO_USER
            self.problems.add(place, UNKNOWN, sentence(template, address=escaped(str(value))))
        return canonical

    def service_account(self, value: object, place: Place) -> str:
        """Return the name key of a service account."""
        text = self.text(value, place)
        key = name_key(text)
        if text and key not in self._service_accounts and key not in self._known.service_accounts:
            self._unknown(text, place, sentence(_NO_SERVICE_ACCOUNT, name=escaped(text)))
        return key

    def organization(self, value: object, place: Place) -> str:
        """Return the key of an organization."""
        key = self.text(value, place)
        if key and key not in self._organizations and key not in self._known.organizations:
            self._unknown(key, place, sentence(_NO_ORGANIZATION, key=escaped(key)))
        return key

    def group(self, value: object, place: Place) -> PrincipalRef:
        """Return the group that ``ORGANIZATION/KEY`` names."""
        text = self.text(value, place)
        organization, slash, key = text.partition("/")
        group = group_ref(organization, key)
        if text and not (organization and slash and key):
            self.problems.add(place, SHAPE, sentence(_GROUP_SHAPE, text=escaped(text)))
        elif text and not self._has_group(group):
            self._unknown(text, place, sentence(_NO_GROUP, group=escaped(text)))
        return group

    def group_within(self, organization: str, value: object, place: Place) -> str:
        """Return the key of a group of this organization."""
        key = self.text(value, place)
        if key and not self._has_group(group_ref(organization, key)):
            others = sorted(group.key.partition("/")[0] for group in self._groups if group.key.endswith(f"/{key}"))
            foreign = sentence(_FOREIGN_GROUP, organization=escaped(organization), key=escaped(key), others=listed(others))
            self._unknown(key, place, foreign if others else sentence(_NO_GROUP, group=escaped(f"{organization}/{key}")))
        return key

    def resource(self, value: object, place: Place, *, is_declared: bool = True) -> ResourceRef:
        """Return the resource that ``TYPE:ID`` names; ``is_declared=False`` lets it be one that nobody knows."""
        text = self.text(value, place)
        if not text:
            return NOWHERE
        try:
            ref = ResourceRef.parse(text)
        except ValueError:
            self.problems.add(place, SHAPE, sentence(_RESOURCE_SHAPE, text=escaped(text)))
            return NOWHERE
        if not self.knows_type(ref.type, place):
            return NOWHERE
        if is_declared and not self.has_resource(ref):
            self._unknown(text, place, sentence(_NO_RESOURCE, resource=escaped(text)))
        return ref

    def knows_type(self, type_name: str, place: Place) -> bool:
        """Say whether a blueprint has this type, and note it where none has."""
        if type_name in self.catalogue.types:
            return True
        self._unknown(type_name, place, sentence(_NO_TYPE, type=escaped(type_name), known=listed(self.catalogue.types)))
        return False

    def has_resource(self, ref: ResourceRef) -> bool:
        """Say whether the file or the database has a resource."""
        return ref in self._resources or ref in self._known.resources

    def _has_group(self, group: PrincipalRef) -> bool:
        return group in self._groups or group in self._known.groups

    def _unknown(self, word: str, place: Place, otherwise: Sentence) -> None:
        self.problems.add(place, UNKNOWN, no_such(word, otherwise))

    def _quietly(self, value: object) -> str:
        if not isinstance(value, str):
            return ""
        try:
            self._canonical[value] = canon(value)
        except Invalid:
            self._canonical[value] = ""
        return self._canonical[value]


def _entries(tree: object, key: str) -> Iterator[dict[object, object]]:
    rows = tree.get(key) if isinstance(tree, dict) else None
    yield from (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
