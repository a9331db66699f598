"""``demo``: loading the demo, and saying again who can sign in."""

import click

from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.demo.cast import CAST

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

NOT_EMPTY = _("The database holds something already; the demo is loaded only into an empty one.")


@click.command()
@click.option("--remind", is_flag=True, help="Load nothing: print who can sign in, if the demo is here.")
@JSON
def demo(*, remind: bool, as_json: bool) -> None:
    """Load the demo: three platforms, some sixty people.

    Prints who can sign in, and the one password that is made for them. It is not kept anywhere: keyholder user password sets another one.
    """
    caller = opening.founder()
    from keyholder.interfaces.cli.demo import loading
    from keyholder.services.commands import schema
    from keyholder.services.queries import lookups

    if remind:
        if loading.is_here(caller):
            _show("", as_json=as_json)
        return
    schema.migrate(by=caller)
    if not lookups.is_empty(by=caller):
        raise Conflict("not_empty", sentence(NOT_EMPTY))
    _show(loading.load(caller), as_json=as_json)


def _show(password: str, *, as_json: bool) -> None:
    if as_json:
        people = [{"user": person.address, "name": person.name, "is": person.words} for person in CAST]
        output.say_json({"people": people} | ({"password": password} if password else {}))
        return
    output.say("Sign in as")
    width = max(len(person.address) for person in CAST)
    for person in CAST:
        output.say(f"  {person.address:<{width}}  {person.name} {person.words}")
    if password:
        output.say(f"Password of all of them: {password}")
