"""The command line ``keyholder`` (contract 2). Each module beside this one holds the commands of one subject."""

import click

from keyholder.interfaces.cli import (
    access,
    accounts,
    backups,
    groups,
    invitations,
    log,
    mail,
    organization_entry,
    people,
    requests,
    serving,
    state,
    upkeep,
)
from keyholder.interfaces.cli.bench.command import bench
from keyholder.interfaces.cli.demo.command import demo
from keyholder.interfaces.cli.program import Program

COMMANDS: tuple[click.Command, ...] = (
    serving.serve,
    serving.migrate,
    demo,
    state.plan,
    state.apply,
    state.export,
    access.check,
    access.explain,
    access.who,
    access.what,
    people.user,
    groups.group,
    organization_entry.organization,
    accounts.account,
    mail.mail,
    requests.request,
    invitations.invitation,
    backups.backup,
    backups.restore,
    log.audit,
    upkeep.verify,
    upkeep.settings,
    bench,
)

VERSION = "%(version)s"


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="keyholder", message=VERSION)
def main() -> None:
    """Who may do what on your analytics platforms, and why.

    The database is KEYHOLDER_DATABASE_URL (an SQLite file beside you by default); `keyholder settings` lists every setting.
    Exit codes: 0 done, 1 refused or the answer is no, 2 bad input or usage, 3 the database can't be reached.
    """


for command in COMMANDS:
    main.add_command(command)
