"""What a question is asked with: options that ``check``, ``explain``, ``who`` and ``what`` share, and their types."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.moments import read_moment
from keyholder.domain.refusals import Invalid
from keyholder.interfaces.cli import opening

if TYPE_CHECKING:
    from datetime import datetime

    from keyholder.services.queries.decisions import Asked

Command = TypeVar("Command", bound=Callable[..., Any])

INCOMPLETE = "a question needs --user, --resource, and --permission or --action"


class ReferenceType(click.ParamType[ResourceRef]):
    """A resource as people name it."""

    name = "type:id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ResourceRef:
        """Read TYPE:ID; an unknown type is judged later, where the blueprints are known."""
        try:
            return value if isinstance(value, ResourceRef) else ResourceRef.parse(str(value))
        except ValueError:
            self.fail(f"{value} is not TYPE:ID, as in account:100", param, ctx)


class MomentType(click.ParamType["datetime"]):
    """A moment in RFC 3339."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> "datetime":
        """Read a moment with its offset."""
        from datetime import datetime

        try:
            return value if isinstance(value, datetime) else read_moment(value)
        except Invalid as refusal:
            self.fail(str(refusal), param, ctx)


AT = click.option("--at", type=MomentType(), help="Judge today's facts at another moment: 2026-12-31T00:00:00Z.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@dataclass(frozen=True, slots=True)
class GroupName:
    """A group as people name it on the command line."""

    organization: str
    key: str

    def __str__(self) -> str:
        """Return ORG/KEY."""
        return f"{self.organization}/{self.key}"


class GroupType(click.ParamType[GroupName]):
    """A group as people name it."""

    name = "org/key"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> GroupName:
        """Read ORG/KEY."""
        if isinstance(value, GroupName):
            return value
        organization, slash, key = str(value).partition("/")
        if not (organization and slash and key):
            self.fail(f"{value} is not ORG/KEY, as in acme/analysts", param, ctx)
        return GroupName(organization, key)


def question_options(command: Command) -> Command:
    """Add the options that make one question."""
    for option in (
        JSON,
        AT,
        click.option("--resource", type=ReferenceType(), help="The resource asked about."),
        click.option("--action", default="", help="Ask by an action instead, such as filter.create."),
        click.option("--permission", default="", help="Ask by a permission, such as edit."),
        click.option("--user", default="", help="Address of the person asked about."),
    ):
        command = option(command)
    return command


def asked(*, user: str, permission: str, action: str, resource: ResourceRef | None, at: "datetime | None") -> "Asked":
    """Return one question; raises UsageError where a part of it is missing, or where both a permission and an action are given."""
    if not user or resource is None or bool(permission) is bool(action):
        raise click.UsageError(INCOMPLETE if not (permission and action) else "ask by --permission or by --action, not by both")
    opening.start()
    from keyholder.services.queries.decisions import Asked

    return Asked(user, resource, permission, action, at)
