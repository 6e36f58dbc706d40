"""The command line: ``pharmasync COMMAND``. One file a command."""

from pharmasync.commands.check import check
from pharmasync.commands.demo import demo
from pharmasync.commands.failures import failures
from pharmasync.commands.group import pharmasync
from pharmasync.commands.init_db import init_db
from pharmasync.commands.pause import pause, resume
from pharmasync.commands.retry import retry
from pharmasync.commands.sandbox import sandbox
from pharmasync.commands.scan import scan
from pharmasync.commands.shops import shops
from pharmasync.commands.status import status

for command in (init_db, check, scan, status, failures, retry, pause, resume, shops, sandbox, demo):
    pharmasync.add_command(command)


def main() -> None:
    """The console script."""
    pharmasync(prog_name="pharmasync")
