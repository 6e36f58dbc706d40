"""The practice SQL Server in a process of its own that counts the batches it receives: round trips to it."""

import argparse
import signal

from attrs import define, field

from benchmarks.counter import Counter, serve_counter
from pharmasync.sandbox.servers.ports import HOST
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.sandbox.sqlserver.packets import PacketStream
from pharmasync.sandbox.sqlserver.sessions import Session


@define
class CountedSession(Session):
    """A session that counts its batches."""

    batches: Counter

    def run(self, text: str) -> bytes:
        """Counts a batch and runs it."""
        self.batches.up()
        return super().run(text)


@define(eq=False)
class CountingSQLServer(PracticeSQLServer):
    """The practice server whose sessions count."""

    batches: Counter = field(factory=Counter, kw_only=True)

    def _log_in(self, stream: PacketStream) -> Session | None:
        session = super()._log_in(stream)
        if session is None:
            return None
        return CountedSession(session.databases, session.database, session.wait, self.deadlocks, self.batches)


def main() -> None:
    """Reads the arguments and serves until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sql_server", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--counter-port", type=int, required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--database", required=True)
    given = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM,))
    with (
        CountingSQLServer(HOST, given.port, given.user, given.password, (given.database,)) as server,
        serve_counter(server.batches, given.counter_port) as counter,
    ):
        signal.sigwait((signal.SIGTERM,))
        counter.shutdown()


if __name__ == "__main__":
    main()
