"""A made-up world of any size for measuring: people, groups, trees and bindings, skewed as real ones are; the same for the same seed.

A few people, groups and resources have very much, most have little (Zipf). Every account has a standing manager, every group is bound
only within its organization, groups are nested to four levels: ``apply`` takes the world as it is.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import ceil
from typing import Any, TypeAlias

Entry: TypeAlias = dict[str, Any]

PROPERTIES, VIEWS = 10, 10
"""Of each account, and of each property."""
DEPTH = 4
"""Levels of groups."""
BINDINGS_EACH = 3
"""For each person, on the average."""
THROUGH_GROUPS = 0.05
"""Share of the bindings that are a group's."""
PERMISSIONS = (["read_analyze"], ["read_analyze"], ["collaborate"], ["edit"], ["manage_users"], ["manage_users", "edit"])


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything: 1,000 people make the small world, 100,000 the medium one, 1,000,000 the large one."""

    users: int
    accounts: int
    groups: int
    bindings: int

    @classmethod
    def of(cls, users: int) -> "Size":
        """Return the size that goes with a number of people."""
        people_in_a_group = 20 if users < 10_000 else 50 if users < 500_000 else 100  # noqa: PLR2004 - the three worlds
        return cls(users, max(10, users // 1000), max(4, users // people_in_a_group), users * BINDINGS_EACH)


class Skewed:
    """Draws numbers below ``count``, small ones far more often than large ones."""

    def __init__(self, chance: random.Random, count: int, exponent: float = 0.8) -> None:
        """Prepare the weights: of the number n it is 1 / (n + 1) ** exponent."""
        self._chance = chance
        self._weights = list(accumulate((number + 1) ** -exponent for number in range(count)))
        self._numbers = range(count)

    def draw(self, how_many: int) -> list[int]:
        """Draw several, with repeats."""
        return self._chance.choices(self._numbers, cum_weights=self._weights, k=how_many)


@dataclass
class World:
    """One world; ``tree`` is its state file."""

    size: Size
    seed: int
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Begin at the seed."""
        self.chance = random.Random(self.seed)  # noqa: S311 - the same world for the same seed; nothing is kept secret by it

    def tree(self) -> Entry:
        """Return the whole state file."""
        return {
            "version": 1,
            "organizations": list(self._organizations()),
            "users": [{"email": address(number), "name": f"Person {number}"} for number in range(self.size.users)],
            "resources": list(self._resources()),
            "access": list(self._access()),
        }

    @property
    def organizations(self) -> int:
        """How many there are: one for ten accounts."""
        return ceil(self.size.accounts / 10)

    def _organizations(self) -> Iterator[Entry]:
        for number in range(self.organizations):
            groups = range(number, self.size.groups, self.organizations)
            yield {"key": f"o{number}", "name": f"Organization {number}", "admins": [address(number)], "groups": list(self._groups(groups))}

    def _groups(self, numbers: Sequence[int]) -> Iterator[Entry]:
        """Make groups of one organization: the first have most members; each level stands in groups of the level above."""
        people = Skewed(self.chance, self.size.users, 0.3)
        levels = [numbers[start::DEPTH] for start in range(DEPTH)]
        for place, number in enumerate(numbers):
            largest = max(3, self.size.users // 25)
            members = sorted(set(people.draw(max(3, largest // (place + 1)))))
            deeper = levels[place % DEPTH + 1] if place % DEPTH + 1 < DEPTH else ()
            below = self.chance.sample(deeper, min(2, len(deeper)))
            yield {
                "key": f"g{number}",
                "name": f"Group {number}",
                "members": [address(member) for member in members],
                "groups": [f"g{inner}" for inner in below],
            }

    def _resources(self) -> Iterator[Entry]:
        for account in range(self.size.accounts):
            yield {"type": "account", "id": f"{account}", "name": f"Account {account}", "organization": f"o{account % self.organizations}"}
            for number in range(PROPERTIES):
                above = f"{account}-{number}"
                yield {"type": "property", "id": above, "name": f"Property {above}", "parent": f"account:{account}"}
                for view in range(VIEWS):
                    name = f"View {above}-{view}"
                    yield {"type": "view", "id": f"{above}-{view}", "name": name, "parent": f"property:{above}"}

    def _access(self) -> Iterator[Entry]:
        """Give every account a manager, then draw people and groups until there are enough; nobody is drawn twice for one resource."""
        for account in range(self.size.accounts):
            yield {"user": address(account), "resource": f"account:{account}", "permissions": ["manage_users", "edit"]}
        for account in range(self.size.accounts):
            home = account % self.organizations
            groups = range(home, self.size.groups, self.organizations)
            wanted = int(self.size.bindings * THROUGH_GROUPS / self.size.accounts)
            pairs = {(self.chance.choice(groups), self._node(account)) for _ in range(wanted)}
            yield from (
                {"group": f"o{home}/g{group}", "resource": node, "permissions": self.chance.choice(PERMISSIONS)}
                for group, node in sorted(pairs)
            )
        people = Skewed(self.chance, self.size.users).draw(int(self.size.bindings * (1 - THROUGH_GROUPS)))
        accounts = Skewed(self.chance, self.size.accounts).draw(len(people))
        taken = {(account, f"account:{account}") for account in range(self.size.accounts)}
        for person, account in zip(people, accounts, strict=True):
            pair = (person, self._node(account))
            if pair not in taken:
                taken.add(pair)
                yield {"user": address(person), "resource": pair[1], "permissions": self.chance.choice(PERMISSIONS)}

    def _node(self, account: int) -> str:
        return node(self.chance, account)


def node(chance: random.Random, account: int) -> str:
    """Draw a resource of an account: itself, a property or a view, the first ones more often."""
    kind = chance.random()
    inner, view = (int(chance.random() ** 2 * count) for count in (PROPERTIES, VIEWS))
    if kind < 0.1:  # noqa: PLR2004 - a tenth stands at accounts
        return f"account:{account}"
    return f"property:{account}-{inner}" if kind < 0.3 else f"view:{account}-{inner}-{view}"  # noqa: PLR2004 - a fifth at properties


def address(number: int) -> str:
    """Return the address of a person."""
    return f"person{number}@bench.example"


def questions(world: World, tree: Entry, how_many: int) -> list[Entry]:
    """Return questions about a world, about half of them with the answer yes: as skewed as the bindings are."""
    chance = random.Random(world.seed + 1)  # noqa: S311 - the same questions for the same seed
    direct = [row for row in tree["access"] if "user" in row]
    asked = []
    for number in range(how_many):
        row = chance.choice(direct)
        permission = chance.choice(["read_analyze", "collaborate", "edit", "manage_users"])
        if number % 2:
            asked.append({"user": row["user"], "permission": row["permissions"][-1], "resource": _below(chance, row["resource"])})
        else:
            account = int(row["resource"].partition(":")[2].partition("-")[0])
            asked.append({"user": row["user"], "permission": permission, "resource": node(chance, account)})
    return asked


def _below(chance: random.Random, resource: str) -> str:
    """Draw a resource at or below one."""
    kind, _, key = resource.partition(":")
    if kind == "account" and chance.random() < 0.7:  # noqa: PLR2004 - mostly further down
        kind, key = "property", f"{key}-{chance.randrange(PROPERTIES)}"
    if kind == "property" and chance.random() < 0.7:  # noqa: PLR2004 - mostly further down
        kind, key = "view", f"{key}-{chance.randrange(VIEWS)}"
    return f"{kind}:{key}"
