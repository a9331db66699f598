"""Bulk: what can be done with several rows of a roster at once. Each says what it would do, then does it, all or none (R053)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.parts.access import Gain, Picker
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown.nodes import Node
from keyholder.services.caller import Caller
from keyholder.services.differences import Preview
from keyholder.services.proposals import Proposal, Verb
from keyholder.services.queries import previews
from keyholder.services.queries.selections import Selection


@dataclass(frozen=True)
class Review:
    """What would happen: who gains and loses what, circumstances, and whom a rule keeps out."""

    gains: tuple[Gain, ...] = ()
    facts: tuple[Fact, ...] = ()
    refused: Mapping[PrincipalId, str] = field(default_factory=dict)
    lines: Mapping[PrincipalId, tuple[str, ...]] = field(default_factory=dict)
    """What it means for one of them."""


class Act(ABC):
    """One thing to do with everybody selected. A form asks for what it needs."""

    title: Promise
    verb: Promise
    done: Promise
    icon = "users"
    danger = False

    def __init__(self, by: Caller, node: Node, chosen: Selection, sent: QueryDict | None) -> None:
        """Begin with who acts, where, on whom, and with what was sent so far."""
        self.by, self.node, self.chosen = by, node, chosen
        self.form = self.asking(sent)

    @property
    def heading(self) -> str:
        """Return what the page is called."""
        return str(self.title)

    @property
    def button(self) -> str:
        """Return the words of the button that does it."""
        return str(self.verb)

    @property
    def pickers(self) -> tuple[Picker, ...]:
        """Return the permissions or roles to choose from."""
        return ()

    @abstractmethod
    def asking(self, sent: QueryDict | None) -> forms.Form:
        """Return the form; without fields where nothing is asked."""

    @abstractmethod
    def review(self) -> Review:
        """Say what would happen. Raises what the queries raise."""

    @abstractmethod
    def do(self) -> None:
        """Do it. Raises what the command raises."""

    def propose(self, verb: Verb, **more: object) -> Preview:
        """Return who gains and loses what by a change of bindings here."""
        proposal = Proposal(verb, self.chosen.principals, self.node.here.id, **more)  # type: ignore[arg-type]  # fields of the proposal, by name
        return previews.of_bindings(by=self.by, proposal=proposal)
