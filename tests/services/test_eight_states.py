"""What each permission allows, row by row of the requirements: for every set, at every level, by the commands and the decisions.

The eight sets of reading 15, each held at the account, at the property or at the view; what is asked is asked at the view, and for what
lives in the account at the account. A row says for which letters it is allowed: M manages users, E edits, C collaborates, R reads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from keyholder.domain.identifiers import AssetId, PrincipalId, ResourceId
from keyholder.domain.refusals import Refusal
from keyholder.services.commands import applied_assets, assets, bindings, removal, resources
from keyholder.services.queries import assets as queries
from keyholder.services.queries import roster
from tests.cast import OPERATOR, Cast, caller, holds, person, resource
from tests.services.assets_made import allowed, made, ref, seen, sees
from tests.undone import undone

LETTERS: Mapping[str, str] = {"M": "manage_users", "E": "edit", "C": "collaborate", "R": "read_analyze"}
STATES = ("ME", "MC", "MR", "M", "E", "C", "R", "")
"""In the order of reading 15."""
LEVELS = ("account", "property", "view")
READ, COLLABORATE, EDIT, MANAGE = "ECR", "EC", "E", "M"
"""Who holds a permission: those whose set has one of the letters."""

Attempt = Callable[["Somebody"], object]


@dataclass(frozen=True, slots=True)
class Somebody:
    """Eve, who holds one of the sets at one of the levels and nothing else, and what others made before."""

    cast: Cast
    eve: PrincipalId
    shared: AssetId
    """A segment that Ben shared."""
    filter: AssetId
    """A filter of the account."""
    applied: AssetId
    """Another one, applied to the view."""
    goal: AssetId


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement: what is tried, and whose sets allow it when held at each of the levels."""

    requirement: str
    tried: str
    attempt: Attempt
    who: str
    at: tuple[str, ...] = LEVELS


def action(name: str, at: str = "view") -> Attempt:
    """Try an action by asking for the decision; a no is a refusal."""

    def ask(self: Somebody) -> None:
        if not allowed(self.eve, name, getattr(self.cast, at)):
            raise Refused

    return ask


class Refused(Exception):  # noqa: N818 - the answer no
    """The decision was no."""


def own(self: Somebody, kind: str = "segment") -> AssetId:
    return made(self.eve, kind, self.cast.view, "Mine")


def finds(kind: str, number: str) -> Attempt:
    """Look for an asset: in the list and by itself, which agree."""

    def look(self: Somebody) -> None:
        view = seen(self.eve, getattr(self, number), self.cast.view)
        assert view.name in sees(self.eve, kind, self.cast.view)

    return look


def on(command: Callable[..., object], number: str, **told: object) -> Attempt:
    """Try a command on an asset that is there."""
    return lambda self: command(by=caller(self.eve), asset=getattr(self, number), **told)


def shares(self: Somebody) -> None:
    copy = assets.share(by=caller(self.eve), asset=own(self))
    assert seen(self.cast.alice, copy, self.cast.view).name == "Mine"


def changes_own(self: Somebody) -> None:
    assets.change(by=caller(self.eve), asset=own(self), name="Mine, corrected")


def deletes_own(self: Somebody) -> None:
    assets.delete(by=caller(self.eve), asset=own(self))


def adds(kind: str, key: str, below: str) -> Attempt:
    """Add a node, and get everything on it and nothing above (R035, reading 20)."""

    def add(self: Somebody) -> None:
        above = getattr(self.cast, below)
        before = holds(self.eve, above)
        new = resource(self.eve, kind, key, "New", above)
        assert (holds(self.eve, new), holds(self.eve, above)) == (set(LETTERS.values()), before)

    return add


def applies(self: Somebody) -> None:
    applied_assets.apply(by=caller(self.eve), asset=self.filter, to=self.cast.view)


def withdraws(self: Somebody) -> None:
    applied_assets.withdraw(by=caller(self.eve), asset=self.applied, of=self.cast.view)


def gives(self: Somebody) -> None:
    bindings.grant(by=caller(self.eve), to=[self.cast.cleo], on=self.cast.view, permissions=["collaborate"])


def takes(self: Somebody) -> None:
    bindings.set_permissions(by=caller(self.eve), of=self.cast.cleo, on=self.cast.view, permissions=[])


def removes(self: Somebody) -> None:
    removal.remove(by=caller(self.eve), who=[self.cast.cleo], at=self.cast.account)


def lists(self: Somebody) -> None:
    roster.roster(by=caller(self.eve), at=self.cast.view)


def renames(at: str) -> Attempt:
    return lambda self: resources.rename(by=caller(self.eve), resource=getattr(self.cast, at), name="Renamed")


ABOVE_VIEW, ACCOUNT = ("account", "property"), ("account",)
ROWS = (
    Row("R021", "views report data", action("report.view"), READ),
    Row("R022", "views the configuration", action("configuration.view"), READ),
    Row("R022", "sees the goals", finds("goal", "goal"), READ),
    Row("R022", "changes a goal", on(assets.change, "goal", name="Another"), EDIT),
    Row("R022", "deletes a goal", on(assets.delete, "goal"), EDIT),
    Row("R023", "filters a table", action("report.filter_table"), READ),
    Row("R023", "adds a secondary dimension", action("report.add_dimension"), READ),
    Row("R023", "may create a segment", action("segment.create"), READ),
    Row("R023", "creates a segment", own, READ),
    Row("R024", "creates a dashboard", lambda self: own(self, "dashboard"), READ),
    Row("R024", "shares one of their own", shares, READ),
    Row("R025", "views a shared asset", finds("segment", "shared"), READ),
    Row("R026", "changes a shared asset", on(assets.change, "shared", name="Another"), COLLABORATE),
    Row("R026", "deletes a shared asset", on(assets.delete, "shared"), COLLABORATE),
    Row("R027", "edits one of their own", changes_own, READ),
    Row("R027", "deletes one of their own", deletes_own, READ),
    Row("R028", "may change shared assets of others", action("shared_asset.update"), COLLABORATE),
    Row("R029", "adds a property", adds("property", "UA-100-9", "account"), EDIT, ACCOUNT),
    Row("R029", "adds a view", adds("view", "1009", "property"), EDIT, ABOVE_VIEW),
    Row("R029", "edits the account", renames("account"), EDIT, ACCOUNT),
    Row("R029", "edits the property", renames("property"), EDIT, ABOVE_VIEW),
    Row("R029", "edits the view", renames("view"), EDIT),
    Row("R029", "may delete the property", action("property.delete"), EDIT, ABOVE_VIEW),
    Row("R029", "may delete the view", action("view.delete"), EDIT),
    Row("R029", "adds a goal", lambda self: own(self, "goal"), EDIT),
    Row("R029", "adds a channel grouping to the view", action("channel_grouping.create"), EDIT),
    Row("R029", "edits a filter", on(assets.change, "filter", name="Another"), EDIT, ACCOUNT),
    Row("R029", "deletes a filter", on(assets.delete, "filter"), EDIT, ACCOUNT),
    Row("R030", "sees report data", action("report.view"), READ),
    Row("R031", "sees the users", lists, MANAGE),
    Row("R031", "gives somebody access", gives, MANAGE),
    Row("R031", "takes access away", takes, MANAGE),
    Row("R031", "removes somebody", removes, MANAGE, ACCOUNT),
    Row("R032", "creates a filter", lambda self: made(self.eve, "filter", self.cast.account, "New"), EDIT, ACCOUNT),
    Row("R032", "may create a filter", action("filter.create"), EDIT, ACCOUNT),
    Row("R033", "applies a filter", applies, EDIT),
    Row("R033", "takes a filter off", withdraws, EDIT),
    Row("R034", "finds the filters that can be applied", finds("filter", "filter"), EDIT),
    Row("R034", "may apply a filter", action("filter.apply"), EDIT),
    Row("R035", "gets everything on what they add", adds("view", "1009", "property"), EDIT, ABOVE_VIEW),
)


def test_r035_whoever_adds_an_account_holds_everything_there(cast: Cast) -> None:
    """Also who holds nothing anywhere (reading 19)."""
    assert holds(cast.dan, resource(cast.dan, "account", "900", "Own")) == set(LETTERS.values())


@pytest.mark.parametrize("state", STATES, ids=lambda state: state or "none")
@pytest.mark.parametrize("level", LEVELS)
def test_each_set_at_each_level_allows_what_the_requirements_say(cast: Cast, level: str, state: str) -> None:
    """R021 to R035, each row against the real commands and decisions; what is refused changes nothing."""
    eve = somebody(cast, level, state)
    wrong = [
        f"{row.requirement}: {state or 'nobody'} at the {level} {row.tried}: {outcome}"
        for row in ROWS
        if (outcome := tried(row, eve)) is not (level in row.at and bool(set(row.who) & set(state)))
    ]
    assert wrong == []


def test_every_row_is_here() -> None:
    """R021 to R035: none of the requirements of the section is missing."""
    assert {row.requirement for row in ROWS} == {f"R{number:03}" for number in range(21, 36)}


def somebody(cast: Cast, level: str, state: str) -> Somebody:
    """Give Eve a set at a level, and let the others make what she meets."""
    eve = person("Eve")
    if state:
        bindings.grant(by=OPERATOR, to=[eve], on=getattr(cast, level), permissions=[LETTERS[letter] for letter in state])
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["read_analyze"])
    shared = assets.share(by=caller(cast.ben), asset=made(cast.ben, "segment", cast.view, "Buyers"))
    free, applied = (made(cast.ben, "filter", cast.account, name) for name in ("No interns", "No robots"))
    applied_assets.apply(by=caller(cast.ben), asset=applied, to=cast.view)
    return Somebody(cast, eve, shared, free, applied, made(cast.ben, "goal", cast.view, "Order"))


def tried(row: Row, eve: Somebody) -> bool:
    """Say whether an attempt went through; whatever it did is taken back."""
    try:
        with undone():
            row.attempt(eve)
    except (Refusal, Refused):
        return False
    return True


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state or "none")
def test_a_list_holds_what_a_single_look_finds(cast: Cast, level: str, state: str) -> None:
    """R025, R034: from every node, of every kind, whatever one holds: the list and the single answer agree."""
    eve = somebody(cast, level, state)
    numbers = [made(who, kind, at, f"Of {who}") for who, kind, at in made_by_all(eve)] + [eve.shared, eve.filter, eve.applied, eve.goal]
    for at in (cast.account, cast.property, cast.view):
        assert listed(eve, at) == {number for number in numbers if looks(eve, number, at)}


def made_by_all(eve: Somebody) -> list[tuple[PrincipalId, str, ResourceId]]:
    """Return what Ben makes, and Eve where she may."""
    cast = eve.cast
    own = [(eve.eve, "segment", cast.view)] if "read_analyze" in holds(eve.eve, cast.view) else []
    return [(cast.ben, "segment", cast.view), (cast.ben, "remarketing_audience", cast.property), *own]


def listed(eve: Somebody, at: ResourceId) -> set[AssetId]:
    try:
        kinds = queries.assets(by=caller(eve.eve), at=ref(at)).kinds
    except Refusal:
        return set()
    pages = {kind.name: queries.assets(by=caller(eve.eve), at=ref(at), kind=kind.name).rows for kind in kinds}
    assert {kind.name: kind.number for kind in kinds} == {name: len(rows) for name, rows in pages.items()}
    return {row.id for rows in pages.values() for row in rows}


def looks(eve: Somebody, number: AssetId, at: ResourceId) -> bool:
    try:
        seen(eve.eve, number, at)
    except Refusal:
        return False
    return True
