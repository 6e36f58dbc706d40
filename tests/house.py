"""Servers of a test's own, and the processes of production that use them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from attrs import define, field

from pharmasync.documents import DocumentType
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.sandbox.servers import Valkey, free_port
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.settings.tls import OFF
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.schema import create_or_extend
from tests.environment import environment
from tests.pharmacy import Pharmacy

PATIENCE = 60.0

WAITS = {
    "PHARMASYNC_SCAN_SECONDS": "0.2",
    "PHARMASYNC_QUEUED_LEASE_SECONDS": "2",
    "PHARMASYNC_RETRY_FIRST_SECONDS": "0.5",
    "PHARMASYNC_UNCERTAIN_SECONDS": "0.5",
    "PHARMASYNC_SEND_RETRY_SECONDS": "0.1",
}


@define
class House:
    """Servers that a test may stop, and processes that it starts.

    Attributes:
        settings: More settings of the processes, by their names; a test may change them before it starts one.
        log: Where the processes write.
    """

    valkey: Valkey
    sql_server: PracticeSQLServer
    api: PracticeNationalAPI
    log: Path
    settings: dict[str, str]
    processes: list["subprocess.Popen[bytes]"] = field(factory=list)

    @property
    def address(self) -> Address:
        return Address(
            server="127.0.0.1",
            port=self.sql_server.port,
            database="pharmacy",
            user="sa",
            password="practice",
            encryption=OFF,
        )

    def pharmacy(self) -> Pharmacy:
        return Pharmacy(SqlServer(self.address))

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """Starts a process in a group of its own, since Dramatiq's master does not take its children with it."""
        surroundings = {
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
            "PYTHONPATH": os.pathsep.join(sys.path),
            **environment(self.address, redis_url=self.valkey.url, api_url=self.api.url),
            **WAITS,
            **self.settings,
        }
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=log, start_new_session=True)
        self.processes.append(process)
        return process

    def start_worker(self) -> None:
        self.start("dramatiq", "pharmasync.actors", "--processes", "1", "--threads", "2")

    def start_scheduler(self) -> "subprocess.Popen[bytes]":
        return self.start(sys.executable, "-m", "pharmasync.schedulers")

    def wait_for(self, what: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < deadline, self.log.read_text(errors="replace")[-3000:]
            time.sleep(0.05)

    def wait_until_delivered(self, kind: DocumentType, row_id: int) -> None:
        pharmacy = self.pharmacy()
        self.wait_for(lambda: pharmacy.status(kind, row_id) == "SYNC_SUCCESS")

    def logged(self, text: str) -> bool:
        return text in self.log.read_text(errors="replace")

    def times_stored(self) -> list[int]:
        """How often the national API holds each of the documents that it holds."""
        return [document.times_stored for document in self.api.store.documents()]

    def stop(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):  # the test killed it itself
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def house_with(log: Path, **settings: str) -> Iterator[House]:
    """A house with one shop, S1; nothing of it is left at the end."""
    with (
        Valkey(port=free_port()) as valkey,
        PracticeSQLServer(port=free_port(), user="sa", password="practice", databases=("pharmacy",)) as sql_server,
        PracticeNationalAPI() as api,
    ):
        built = House(valkey, sql_server, api, log, settings)
        pharmacy = built.pharmacy()
        create_or_extend(pharmacy.sql)
        pharmacy.add_shop("S1")
        try:
            yield built
        finally:
            built.stop()
