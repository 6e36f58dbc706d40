"""The processes of production among servers that all want a marked password, with marked documents to deliver."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import redis
from attrs import define, field
from pymongo import MongoClient
from pymongo.database import Database

from pharmasync.documents import DOCUMENT_TYPES, GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.sandbox.servers import Mongod, Valkey
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.secrets import Keyring
from pharmasync.settings.tls import OFF
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.schema import create_or_extend
from tests.environment import environment
from tests.house import WAITS
from tests.indiscreet_api import IndiscreetAPI
from tests.marks import Marks
from tests.pharmacy import Pharmacy

PATIENCE = 60.0
FATES = ("STORED", "REFUSED", "BROKEN", "GARBLED", "LOST", "FAULTY")
"""What becomes of a document whose code begins so; a faulty one is refused before it is sent."""

SHOPS_THAT_WAIT = ("S3", "S4")
"""The one has a wrong password, the other one that no key opens."""

QUICK = {
    **WAITS,
    "PHARMASYNC_QUEUED_LEASE_SECONDS": "60",
    "PHARMASYNC_ATTEMPTS": "2",
    "PHARMASYNC_RETRY_FIRST_SECONDS": "0.2",
}


@define
class MarkedHouse:
    """Servers, their clients, and the processes that a test starts.

    Attributes:
        environ: What the processes find the servers by.
        log: Where the processes write.
    """

    valkey: Valkey
    mongod: Mongod
    api: IndiscreetAPI
    redis: "redis.Redis"
    journal: "Database[dict[str, Any]]"
    sql: SqlServer
    environ: dict[str, str]
    log: Path
    processes: list["subprocess.Popen[bytes]"] = field(factory=list)

    def start(self, *command: str) -> None:
        """Starts a process in a group of its own."""
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        surroundings = {"PATH": path, "PYTHONPATH": os.pathsep.join(sys.path), **self.environ}
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=log, start_new_session=True)
        self.processes.append(process)

    def wait_for(self, what: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < deadline, self.log.read_text(errors="replace")[-3000:]
            time.sleep(0.05)

    def rows(self, status: str, *shops: str) -> int:
        """How many rows are in a state, of these shops or of all."""
        where = f" AND shop_pharmacy_code IN ({', '.join(['%s'] * len(shops))})" if shops else ""
        statement = f"SELECT COUNT(*) AS n FROM {{}} WHERE status = %s{where}"
        counts = [self.sql.rows(statement.format(kind.table), (status, *shops)) for kind in DOCUMENT_TYPES]
        return sum(int(str(count[0]["n"])) for count in counts)

    def stop(self) -> None:
        """Lets the processes end in order, so that their logs are whole, and ends what is left."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with suppress(ProcessLookupError):  # nothing is left of its group, as it should be
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()


@contextmanager
def marked_house(marks: Marks, log: Path) -> Iterator[MarkedHouse]:
    """A house with its shops and documents; no process is started yet."""
    passwords = {"S1": marks.clear_password, "S2": marks.encrypted_password, "S9": marks.default_password}
    with ExitStack() as running:
        valkey, mongod = running.enter_context(Valkey()), running.enter_context(Mongod())
        api = running.enter_context(IndiscreetAPI({**passwords, "S3": "another"}, marks.token))
        practice = running.enter_context(PracticeSQLServer(user="sa", password=marks.sql_password))
        address = Address(
            server="127.0.0.1",
            port=practice.port,
            database="pharmacy",
            user="sa",
            password=marks.sql_password,
            encryption=OFF,
        )
        client: MongoClient[dict[str, Any]] = running.enter_context(MongoClient(mongod.url))
        client.admin.command("createUser", "sync", pwd=marks.mongo_password, roles=["root"])
        environ = {
            **environment(address, redis_url=_with_password(valkey, marks.redis_password), api_url=api.url),
            **QUICK,
            "MONGO_URI": f"mongodb://sync:{marks.mongo_password}@127.0.0.1:{mongod.port}/?authSource=admin",
            "MONGO_DB_NAME": "journal",
            "API_USERNAME": "S9",
            "API_PASSWORD": marks.default_password,
            "PHARMASYNC_SECRET_KEY": marks.secret_key,
        }
        queues = running.enter_context(redis.Redis.from_url(environ["REDIS_URL"]))
        house = MarkedHouse(valkey, mongod, api, queues, client["journal"], SqlServer(address), environ, log)
        running.callback(house.stop)
        create_or_extend(house.sql)
        _add_shops(Pharmacy(house.sql), marks)
        _add_documents(Pharmacy(house.sql), marks)
        yield house


def _with_password(valkey: Valkey, password: str) -> str:
    """The address of a Valkey that wants a password from now on."""
    with redis.Redis.from_url(valkey.url) as client:
        client.config_set("requirepass", password)
    return valkey.url.replace("redis://", f"redis://:{password}@")


def _add_shops(pharmacy: Pharmacy, marks: Marks) -> None:
    pharmacy.add_shop("S1", password=marks.clear_password)
    pharmacy.add_shop("S2", password=Keyring.of((marks.secret_key,)).stored(marks.encrypted_password))
    pharmacy.add_shop("S3", password=marks.refused_password)
    pharmacy.add_shop("S4", password=Keyring.of((marks.lost_key,)).stored(marks.unreadable_password))


def _add_documents(pharmacy: Pharmacy, marks: Marks) -> None:
    """A document of each type for each fate, and one for each shop that has to wait or has no account of its own."""
    sale: dict[str, Any] = {
        "customer_name": marks.customer,
        "seller_name": marks.seller,
        "national_prescription_id": marks.prescription,
    }
    partners: tuple[dict[str, Any], ...] = {"supplier_name": marks.supplier}, {"recipient_name": marks.recipient}
    names = dict(zip((SALES_INVOICE, PURCHASE_RECEIPT, GOODS_ISSUE_SLIP), (sale, *partners), strict=True))
    for kind, header in names.items():
        for place, fate in enumerate(FATES):
            line: dict[str, Any] = {"lot_number": None} if fate == "FAULTY" else {}
            pharmacy.add(kind, f"{fate}-1", f"S{place % 2 + 1}", line=line, **header)
        for shop in (*SHOPS_THAT_WAIT, "S9"):
            pharmacy.add(kind, "STORED-2", shop, **header)
