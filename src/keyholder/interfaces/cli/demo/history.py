"""What the cast did in the last days, through the commands of everybody, so that the demo has a past to look at."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from secrets import token_bytes

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import Forbidden
from keyholder.domain.windows import Window
from keyholder.interfaces.cli.demo.cast import ALICE, BEN, CLEO, OLGA
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, group_members, groups, inviting, link_requests, nesting, requests, resources, signing_in
from keyholder.services.commands.inviting import Wish
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries import lookups

SEEN = {
    "alice@acme.example": 0,
    "ben@acme.example": 0,
    "olga@acme.example": 1,
    "cleo@acme.example": 2,
    "priya.shah@acme.example": 0,
    "marta.zielinska@acme.example": 1,
    "janis.kalnins@acme.example": 3,
    "helga.braun@acme.example": 6,
    "jakub.dvorak@acme.example": 4,
    "ilze.berzina@acme.example": 12,
    "stefan@freelance.example": 5,
    "viktor.holm@acme.example": 40,
    "marek@media.example": 0,
    "andris@rits.example": 9,
    "tomas@knihy.example": 2,
    "daria.sokolova@polaris.example": 1,
    "maria.kuznetsova@polaris.example": 0,
}
"""Days ago on which somebody was here last."""


def play(caller: Caller) -> None:
    """Let the cast act, the oldest act first; ``caller`` is the command line, now."""
    stage = Stage(caller)
    for hours, act in ACTS:
        act(stage, timedelta(hours=hours))
    for address, days in SEEN.items():
        signing_in.note_seen(by=stage.as_(address, timedelta(days=days, minutes=17)))


class Stage:
    """Finds people, groups and resources by the names of the demo."""

    def __init__(self, caller: Caller) -> None:
        """Begin now."""
        self.caller = caller

    def as_(self, address: str, ago: timedelta) -> Caller:
        """Return somebody acting in the console, a while ago."""
        return replace(self.caller, principal=self.person(address), at=self.caller.at - ago, channel=Channel.CONSOLE, name="")

    def person(self, address: str) -> PrincipalId:
        """Find a person."""
        return lookups.user(by=self.caller, email=address)

    def group(self, key: str) -> PrincipalId:
        """Find a group of Acme."""
        return lookups.group(by=self.caller, organization="acme", key=key)

    def at(self, ref: str) -> ResourceId:
        """Find a resource."""
        return lookups.resource(by=self.caller, ref=ResourceRef.parse(ref))


def _add_a_view(stage: Stage, ago: timedelta) -> None:
    by, parent = stage.as_(ALICE.address, ago), stage.at("property:UA-100-1")
    made = resources.create(by=by, new=NewResource(ResourceRef("view", "1004"), "Newsletter", parent))
    bindings.grant(by=by, to=[stage.person("anna.svobodova@acme.example")], on=made, permissions=["collaborate"])


def _let_an_analyst_collaborate(stage: Stage, ago: timedelta) -> None:
    by = stage.as_(ALICE.address, ago)
    priya = stage.person("priya.shah@acme.example")
    bindings.grant(by=by, to=[priya], on=stage.at("property:UA-100-1"), permissions=["collaborate"], reason="Builds the spring dashboard")


def _welcome_an_analyst(stage: Stage, ago: timedelta) -> None:
    group_members.add(by=stage.as_(BEN.address, ago), group=stage.group("analysts"), members=[stage.person("liga.ozola@acme.example")])


def _describe_a_group(stage: Stage, ago: timedelta) -> None:
    groups.change(by=stage.as_(OLGA.address, ago), group=stage.group("social-media"), description="Posts, stories and what people answer")


def _try_too_much(stage: Stage, ago: timedelta) -> None:
    """Ben edits; letting people in is Alice's. The attempt is in the log."""
    with suppress(Forbidden):
        bindings.grant(
            by=stage.as_(BEN.address, ago), to=[stage.person("dan@acme.example")], on=stage.at("account:100"), permissions=["read_analyze"]
        )


def _raise_helga(stage: Stage, ago: timedelta) -> None:
    by, helga = stage.as_(ALICE.address, ago), stage.person("helga.braun@acme.example")
    bindings.set_permissions(by=by, of=helga, on=stage.at("property:UA-100-3"), permissions=["manage_users", "edit"])


def _set_an_end(stage: Stage, ago: timedelta) -> None:
    by, jakub = stage.as_(ALICE.address, ago), stage.person("jakub.dvorak@acme.example")
    bindings.move_window(by=by, of=[jakub], on=stage.at("view:1003"), to=Window(ends_at=stage.caller.at + timedelta(days=14)))


def _let_the_managers_read_the_news(stage: Stage, ago: timedelta) -> None:
    nesting.nest(by=stage.as_(ALICE.address, ago), group=stage.group("managers"), into=stage.group("everybody"))


def _ask_for_the_campaign(stage: Stage, ago: timedelta) -> None:
    requests.ask(
        by=stage.as_(CLEO.address, ago),
        at=ResourceRef("property", "UA-100-1"),
        permissions=["collaborate"],
        reason="I build the goals of the spring campaign with Priya",
        days=30,
    )


def _ask_from_outside(stage: Stage, ago: timedelta) -> None:
    """Somebody who is not signed in gives an address; nobody knows yet whether it is theirs."""
    by = Caller(None, stage.caller.at - ago, Channel.CONSOLE)
    requests.ask(by=by, at=ResourceRef("view", "1001"), email="nora.lind@freelance.example", reason="Audit of the shop's tracking", days=7)


def _ask_for_an_organization(stage: Stage, ago: timedelta) -> None:
    """Ilze looks after an account that belongs to nobody yet."""
    by = stage.as_("ilze.berzina@acme.example", ago)
    link_requests.ask_organization(by=by, account=stage.at("account:300"), organization="acme", reason="The stalls are ours now")


def _invite_an_agency(stage: Stage, ago: timedelta) -> None:
    """Invite somebody who never answers: it has expired since."""
    _invite(stage, ago, "petra.lang@agentur.example", "property:UA-100-1", Wish(["read_analyze"]))


def _invite_a_freelancer(stage: Stage, ago: timedelta) -> None:
    """Invite somebody whose time to answer ends soon."""
    ends_at = stage.caller.at + timedelta(days=60)
    _invite(stage, ago, "joao.silva@studio.example", "view:1001", Wish(["collaborate"], window=Window(ends_at=ends_at), language="en"))


def _invite_a_colleague(stage: Stage, ago: timedelta) -> None:
    _invite(stage, ago, "noor.haddad@acme.example", "account:100", Wish(["edit"], message="Welcome, Noor! This is where our numbers are."))


def _invite(stage: Stage, ago: timedelta, address: str, place: str, wish: Wish) -> None:
    inviting.invite(by=stage.as_(ALICE.address, ago), at=stage.at(place), addresses=[address], random=[token_bytes(32)], wish=wish)


ACTS: Sequence[tuple[float, Callable[[Stage, timedelta], None]]] = (
    (9 * 24 + 3, _add_a_view),
    (8 * 24, _invite_an_agency),
    (6 * 24 + 5, _welcome_an_analyst),
    (6 * 24, _invite_a_freelancer),
    (5 * 24 + 1, _let_an_analyst_collaborate),
    (3 * 24 + 4, _try_too_much),
    (3 * 24 + 2, _describe_a_group),
    (2 * 24 + 6, _raise_helga),
    (26, _set_an_end),
    (20, _ask_from_outside),
    (20, _invite_a_colleague),
    (7, _ask_for_an_organization),
    (5, _ask_for_the_campaign),
    (3, _let_the_managers_read_the_news),
)
"""Hours ago, and what was done then."""
