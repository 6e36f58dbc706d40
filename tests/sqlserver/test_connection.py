"""Connections: a server that is away is named, one that comes back is used again."""

from collections.abc import Iterator

import pytest
from attrs import evolve

from pharmasync.errors import EncryptionRefusedError, GaveWayError, ServerAwayError, StatementError
from pharmasync.sandbox.servers import free_port
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.sandbox.sqlserver.deadlocks import Deadlocks
from pharmasync.settings.tls import OFF, REQUEST, REQUIRE
from pharmasync.sqlserver.connection import TRIES, Address, SqlServer
from tests.real_server import only_on_a_real_server

pytestmark = pytest.mark.integration


@pytest.fixture
def own_server() -> Iterator[PracticeSQLServer]:
    """A practice server that the test may stop; the real one of MSSQL_… may not be."""
    with PracticeSQLServer(port=free_port(), user="sa", password="practice", databases=("master",)) as server:
        yield server


def connect(server: PracticeSQLServer, **more: object) -> SqlServer:
    address = {"database": "master", "user": "sa", "password": "practice", "login_timeout": 2, **more}
    address.setdefault("encryption", OFF)
    return SqlServer(Address(server="127.0.0.1", port=server.port, **address))  # type: ignore[arg-type] # named alike


def test_no_server_is_away() -> None:
    nowhere = Address(server="127.0.0.1", port=free_port(), database="x", user="x", password="x", login_timeout=2)
    with pytest.raises(ServerAwayError, match="SQL Server is away"):
        SqlServer(nowhere).run("SELECT 1 AS one")


def test_no_server_is_away_whatever_another_said_before(own_server: PracticeSQLServer) -> None:
    with pytest.raises(StatementError):
        connect(own_server).run("SELECT id FROM NoSuchTable")
    test_no_server_is_away()


def test_a_wrong_password_is_away_and_not_told(own_server: PracticeSQLServer) -> None:
    with pytest.raises(ServerAwayError) as caught:
        connect(own_server, password="secret-but-wrong").run("SELECT 1 AS one")
    assert "secret-but-wrong" not in str(caught.value)
    assert "secret-but-wrong" not in repr(Address(server="", port=1, database="", user="", password="secret-but-wrong"))


def test_a_server_without_tls_is_refused_in_words_where_tls_is_required(own_server: PracticeSQLServer) -> None:
    with pytest.raises(EncryptionRefusedError, match=r"no encrypted connection .* PHARMASYNC_MSSQL_ENCRYPTION=require"):
        connect(own_server, encryption=REQUIRE).run("SELECT 1 AS one")


def test_tls_is_required_unless_somebody_says_otherwise() -> None:
    assert Address(server="sql.example", port=1, database="", user="", password="").encryption == REQUIRE


@pytest.mark.parametrize("encryption", [REQUEST, OFF])
def test_a_server_without_tls_is_taken_where_tls_is_not_required(
    own_server: PracticeSQLServer, encryption: str
) -> None:
    assert connect(own_server, encryption=encryption).rows("SELECT 1 AS one") == [{"one": 1}]


@pytest.mark.parametrize("encryption", [REQUIRE, OFF])
def test_a_server_that_does_not_answer_is_not_said_to_have_no_tls(encryption: str) -> None:
    nowhere = Address(
        server="127.0.0.1",
        port=free_port(),
        database="x",
        user="x",
        password="x",
        login_timeout=2,
        encryption=encryption,
    )
    with pytest.raises(ServerAwayError) as caught:
        SqlServer(nowhere).run("SELECT 1 AS one")
    assert type(caught.value) is ServerAwayError


def test_an_unknown_database_is_away(own_server: PracticeSQLServer) -> None:
    with pytest.raises(ServerAwayError):
        connect(own_server, database="nowhere").run("SELECT 1 AS one")


def test_a_faulty_statement_is_an_error_of_its_own(own_server: PracticeSQLServer) -> None:
    with pytest.raises(StatementError, match="NoSuchTable"):
        connect(own_server).run("SELECT id FROM NoSuchTable")


def test_several_statements_are_one_call_with_a_result_each(own_server: PracticeSQLServer) -> None:
    assert connect(own_server).run("SELECT %d AS one;\nSELECT %s AS two", (1, "hai")) == [
        [{"one": 1}],
        [{"two": "hai"}],
    ]


def test_a_server_that_comes_back_is_used_again(own_server: PracticeSQLServer) -> None:
    sql = connect(own_server)
    assert sql.rows("SELECT 1 AS one") == [{"one": 1}]
    own_server.stop()
    with pytest.raises(ServerAwayError):
        sql.run("SELECT 1 AS one")
    own_server.start()
    assert sql.rows("SELECT 1 AS one") == [{"one": 1}]


def test_a_restart_between_two_statements_is_not_noticed(own_server: PracticeSQLServer) -> None:
    sql = connect(own_server)
    sql.run("SELECT 1 AS one")
    own_server.stop()
    own_server.start()
    assert sql.rows("SELECT 1 AS one") == [{"one": 1}]


def test_a_batch_ends_at_its_first_error(empty_database: Address) -> None:
    sql = SqlServer(empty_database)
    sql.run("CREATE TABLE Numbers (number INT PRIMARY KEY)")
    sql.run("INSERT INTO Numbers (number) VALUES (1)")
    trip = sql.attempt(
        "SELECT 7 AS seven;\nINSERT INTO Numbers (number) OUTPUT inserted.number VALUES (1);\n"
        "INSERT INTO Numbers (number) OUTPUT inserted.number VALUES (2)"
    )
    assert trip.results == [[{"seven": 7}]]
    assert isinstance(trip.error, StatementError)
    assert sql.rows("SELECT number FROM Numbers") == [{"number": 1}]
    sql.close()


@only_on_a_real_server("transactions")
def test_a_lock_of_somebody_elses_is_not_waited_for_long(empty_database: Address) -> None:
    sql, other = SqlServer(evolve(empty_database, lock_timeout=1)), SqlServer(empty_database)
    sql.run("CREATE TABLE Numbers (number INT PRIMARY KEY, name NVARCHAR(9))")
    sql.run("INSERT INTO Numbers (number, name) VALUES (1, N'one'), (2, N'two')")
    other.run("BEGIN TRAN;\nUPDATE Numbers SET name = N'eins' WHERE number = 1")
    trip = sql.attempt(
        "UPDATE Numbers SET name = N'deux' OUTPUT inserted.number WHERE number = 2;\n"
        "UPDATE Numbers SET name = N'un' OUTPUT inserted.number WHERE number = 1"
    )
    assert trip.results == [[{"number": 2}]]
    assert isinstance(trip.error, GaveWayError)
    assert "lock" in str(trip.error)
    assert "away" not in str(trip.error)
    other.run("ROLLBACK")
    assert sql.rows("SELECT name FROM Numbers ORDER BY number") == [{"name": "one"}, {"name": "deux"}]
    for each in (sql, other):
        each.close()


def test_a_deadlock_that_is_lost_again_and_again_is_told_as_one() -> None:
    deadlocks = Deadlocks(1.0)
    with PracticeSQLServer(
        port=free_port(), user="sa", password="practice", databases=("master",), deadlocks=deadlocks
    ) as server:
        with pytest.raises(GaveWayError, match="SQL Server undid a statement: the victim of a deadlock: Transaction"):
            connect(server).run("SELECT 1 AS one")
        assert deadlocks.victims == TRIES


def test_a_statement_for_hours_is_not_given_up(own_server: PracticeSQLServer) -> None:
    sql = connect(own_server, timeout=1).patient()
    assert sql.run("WAITFOR DELAY '00:00:02'") == []
