"""`python -m pharmasync.sandbox.sqlserver` runs the practice SQL Server until it is told to end."""

import argparse
import os
import signal
import sys
import threading
from types import FrameType

from pharmasync.sandbox.sqlserver.deadlocks import Deadlocks
from pharmasync.sandbox.sqlserver.server import PracticeSQLServer

PASSWORD_VARIABLE = "PRACTICE_SQL_PASSWORD"  # noqa: S105 - the variable's name, not a password


def main() -> int:
    """Read the arguments, say where the server listens, and wait for SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m pharmasync.sandbox.sqlserver", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one (default)")
    parser.add_argument("--user", default="sa", help="name of the one login (default %(default)s)")
    parser.add_argument("--password", help=f"its password; better in the variable {PASSWORD_VARIABLE}")
    parser.add_argument("--database", action="append", help="a database to begin with; may be repeated")
    parser.add_argument(
        "--deadlocks", type=float, default=0.0, metavar="SHARE", help="share of statements that are a deadlock's victim"
    )
    parser.add_argument("--seed", type=int, default=0, help="what the victims are drawn from (default %(default)s)")
    arguments = parser.parse_args()
    password = arguments.password or os.environ.get(PASSWORD_VARIABLE)
    if not password:
        parser.error(f"a password is needed: --password or {PASSWORD_VARIABLE}")
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    databases = tuple(arguments.database or ("pharmacy",))
    deadlocks = Deadlocks(arguments.deadlocks, arguments.seed, lambda victims: _say(f"deadlock victim {victims}"))
    with PracticeSQLServer(arguments.host, arguments.port, arguments.user, password, databases, deadlocks) as server:
        _say(f"listening on {server.address}")
        ended.wait()
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
