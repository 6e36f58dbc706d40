"""Shared round trips: everybody gets their own result or their own error, in fewer trips than callers."""

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from attrs import evolve, frozen

from pharmasync.documents import GOODS_ISSUE_SLIP, SALES_INVOICE
from pharmasync.errors import GaveWayError, ServerAwayError, StatementError
from pharmasync.row import BegunRow
from pharmasync.sandbox.servers import free_port
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.settings.tls import OFF
from pharmasync.sqlserver.begin import Begin, ToBegin
from pharmasync.sqlserver.connection import TRIES, Address, Row, SqlServer, Trip
from pharmasync.sqlserver.errand import Question
from pharmasync.sqlserver.shared_trips import LARGEST, MOST_IN_THE_WAY, SharedTrips
from tests.pharmacy import Pharmacy, Worker

pytestmark = pytest.mark.integration


@frozen
class Echo:
    """Gives back what was asked for, each in a statement of its own; the words replace the statement's."""

    words: str = "SELECT %s AS first"

    def ask(self, wanted: Sequence[object]) -> Question:
        return Question([self.words] * len(wanted), list(wanted))

    def deal(self, wanted: Sequence[object], results: Sequence[Sequence[Row]]) -> list[object]:
        return [rows[0]["first"] for _, rows in zip(wanted, results, strict=True)]


class EchoOnce(Echo):
    """Asks for what must not be done twice."""

    def ask(self, wanted: Sequence[object]) -> Question:
        return evolve(super().ask(wanted), repeatable=False)


class CountedServer(SqlServer):
    """Counts round trips, and holds the first until it is let go, so that company can gather behind it."""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        self.trips: list[str] = []
        self.under_way = threading.Event()
        self.let_go = threading.Event()

    def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
        self.trips.append(statement)
        self.under_way.set()
        self.let_go.wait(30)
        return super().attempt(statement, parameters)


class DyingServer(SqlServer):
    """Every connection dies after it was idle, and takes the answer with it."""

    def __init__(self) -> None:
        self.trips: list[str] = []

    def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
        self.trips.append(statement % tuple(parameters))
        return Trip([], ServerAwayError("SQL Server", "the answer is lost"), may_be_repeated=True)


class LockedServer(SqlServer):
    """Plays SQL Server for echoes: whatever begins with "locked" waits in vain for somebody else's lock."""

    def __init__(self) -> None:
        self.trips: list[list[str]] = []
        self.under_way = threading.Event()
        self.let_go = threading.Event()

    def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
        del statement
        self.trips.append(list(parameters))
        self.under_way.set()
        self.let_go.wait(30)
        results: list[list[Row]] = []
        for value in parameters:
            if value.startswith("locked"):
                return Trip(results, GaveWayError("somebody else's transaction holds a lock"))
            results.append([{"first": value}])
        return Trip(results)


@pytest.fixture
def counted(empty_database: Address, sql: SqlServer) -> Iterator[CountedServer]:
    assert sql.rows("SELECT 1 AS one")
    server = CountedServer(empty_database)
    yield server
    server.let_go.set()


def in_company(server: CountedServer | LockedServer, callers: Sequence[Callable[[], object]]) -> list[object]:
    """Runs the first caller alone and all others while it is under way; gives what each returned or raised."""
    outcomes: list[object] = [None] * len(callers)

    def call(place: int) -> None:
        try:
            outcomes[place] = callers[place]()
        except (ServerAwayError, StatementError, UnicodeError, KeyError) as error:
            outcomes[place] = error

    threads = [threading.Thread(target=call, args=(place,)) for place in range(len(callers))]
    threads[0].start()
    assert server.under_way.wait(30)
    for thread in threads[1:]:
        thread.start()
    server.let_go.set()
    for thread in threads:
        thread.join(30)
    return outcomes


def select(trips: SharedTrips, value: object) -> Callable[[], object]:
    return lambda: trips.run(Echo(), str(value))


def test_a_caller_alone_makes_one_trip(counted: CountedServer) -> None:
    counted.let_go.set()
    assert SharedTrips(counted).run(Echo(), "one") == "one"
    assert len(counted.trips) == 1


def test_everybody_gets_their_own_results_and_few_trips_are_made(counted: CountedServer) -> None:
    trips = SharedTrips(counted)
    outcomes = in_company(counted, [select(trips, number) for number in range(30)])
    assert outcomes == [str(number) for number in range(30)]
    assert len(counted.trips) < 30


def test_a_trip_has_a_largest_company(counted: CountedServer) -> None:
    trips = SharedTrips(counted)
    in_company(counted, [select(trips, number) for number in range(LARGEST + 20)])
    assert max(trip.count("AS first") for trip in counted.trips) <= LARGEST


def test_a_faulty_statement_is_its_own_callers_error(counted: CountedServer) -> None:
    trips = SharedTrips(counted)
    no_table = Echo("SELECT id AS first FROM NoSuchTable WHERE id = %d")
    faulty: list[Callable[[], object]] = [
        lambda: trips.run(no_table, 1),
        lambda: trips.run(Echo(), "\ud800"),
        lambda: trips.run(Echo("SELECT %s AS other"), "x"),
    ]
    outcomes = in_company(counted, [select(trips, 0), select(trips, 1), *faulty, select(trips, 2), select(trips, 3)])
    good = [outcome for outcome in outcomes if isinstance(outcome, str)]
    bad = [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]
    assert good == ["0", "1", "2", "3"]
    assert bad == [StatementError, UnicodeEncodeError, KeyError]


@pytest.mark.parametrize(("errand", "trips"), [(Echo(), 1 + TRIES), (EchoOnce(), 1)], ids=["often", "once"])
def test_what_must_not_be_done_twice_does_not_go_again_after_its_answer_was_lost(errand: Echo, trips: int) -> None:
    server = DyingServer()
    with pytest.raises(ServerAwayError):
        SharedTrips(server).run(errand, "x")
    assert len(server.trips) == trips


def test_a_server_that_is_away_is_everybodys_error() -> None:
    nowhere = Address(server="127.0.0.1", port=free_port(), database="x", user="x", password="x", login_timeout=2)
    server = CountedServer(nowhere)
    trips = SharedTrips(server)
    outcomes = in_company(server, [select(trips, number) for number in range(10)])
    assert [type(outcome) for outcome in outcomes] == [ServerAwayError] * 10
    assert len(server.trips) < 10


def test_who_is_locked_out_is_it_alone() -> None:
    server = LockedServer()
    trips = SharedTrips(server)
    outcomes = in_company(server, [select(trips, value) for value in ("first", "a", "locked", "b", "c")])
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == ["first", "a", "b", "c"]
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [GaveWayError]


def test_who_is_locked_out_and_alone_does_not_wait_twice_for_the_lock() -> None:
    server = LockedServer()
    server.let_go.set()
    with pytest.raises(GaveWayError):
        SharedTrips(server).run(Echo(), "locked")
    assert server.trips == [["locked"]]


def test_where_many_are_locked_out_they_do_not_all_wait_one_after_the_other() -> None:
    server = LockedServer()
    trips = SharedTrips(server)
    outcomes = in_company(server, [select(trips, value) for value in ("first", *(f"locked{n}" for n in range(9)))])
    assert [type(outcome) for outcome in outcomes] == [str] + [GaveWayError] * 9
    assert len(server.trips) == 1 + 1 + MOST_IN_THE_WAY


def test_what_must_not_be_done_twice_goes_alone_where_it_was_surely_not_done() -> None:
    server = LockedServer()
    trips = SharedTrips(server)
    once: list[Callable[[], object]] = [lambda: trips.run(EchoOnce(), "once")]
    outcomes = in_company(server, [select(trips, "first"), select(trips, "locked"), *once])
    assert outcomes[2] == "once"


def test_a_connection_that_died_of_idleness_is_not_noticed() -> None:
    with PracticeSQLServer(port=free_port(), password="practice", databases=("master",)) as practice:
        address = Address(
            server="127.0.0.1",
            port=practice.port,
            database="master",
            user="sa",
            password="practice",
            login_timeout=5,
            encryption=OFF,
        )
        server = CountedServer(address)
        server.let_go.set()
        trips = SharedTrips(server)
        trips.run(Echo(), "before")
        practice.stop()
        practice.start()
        assert trips.run(Echo(), "after") == "after"


def test_rows_that_are_begun_together_are_each_begun_once(counted: CountedServer, pharmacy: Pharmacy) -> None:
    ids = [pharmacy.add(SALES_INVOICE, f"HD{number}", lines=2, status="SYNC_QUEUED") for number in range(12)]
    worker = Worker(SharedTrips(counted))

    def begin_row(row_id: int) -> Callable[[], object]:
        return lambda: worker.begin(SALES_INVOICE, row_id)

    outcomes = in_company(counted, [begin_row(row_id) for row_id in ids * 3])
    begun: list[Any] = [outcome for outcome in outcomes if outcome is not None]
    assert sorted(row.id for row in begun) == ids
    assert all(len(row.lines) == 2 and row.attempt == 1 for row in begun)
    assert len(counted.trips) < 36


def test_rows_that_are_begun_in_company_are_begun_whosever_lines_cannot_be_read(
    counted: CountedServer, pharmacy: Pharmacy
) -> None:
    slip = pharmacy.add(GOODS_ISSUE_SLIP, "PX1", lines=0, status="SYNC_QUEUED")
    invoices = [pharmacy.add(SALES_INVOICE, f"HD{number}", status="SYNC_QUEUED") for number in range(3)]
    pharmacy.sql.run("DROP TABLE GoodsIssueSlipDetails")
    trips, errand = SharedTrips(counted), Begin(lease=60, facility_column="pharmacy_code")
    wanted = [ToBegin(GOODS_ISSUE_SLIP, slip, 0), *(ToBegin(SALES_INVOICE, row_id, 0) for row_id in invoices)]
    _, refused, *begun = in_company(
        counted, [select(trips, "one"), *(partial(trips.run, errand, one) for one in wanted)]
    )
    assert isinstance(refused, StatementError)
    assert [row.id for row in begun if isinstance(row, BegunRow)] == invoices
    assert pharmacy.row(GOODS_ISSUE_SLIP, slip)["sync_attempts"] == 0
