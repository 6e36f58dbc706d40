"""What pymssql's errors mean; each is written down as a server, or its absence, made pymssql raise it."""

import pymssql
import pytest

from pharmasync.sqlserver.driver_errors import Meaning, read

REFUSED_CONNECTION = (
    b"DB-Lib error message 20009, severity 9:\nUnable to connect: TDS server is unavailable or does not exist (db)\n"
    b"Net-Lib error during Connection refused (111)\n"
)
CHECK_MESSAGES = (
    b"DB-Lib error message 20018, severity 16:\nGeneral SQL Server error: Check messages from the SQL Server\n"
)
FATAL_MESSAGES = CHECK_MESSAGES.replace(b"severity 16", b"severity 21")
DEAD = b"DB-Lib error message 20047, severity 9:\nDBPROCESS is dead or not enabled\n"


@pytest.mark.parametrize("stale", [0, 5701, 5703, 911, 1205, 2627])
def test_a_server_that_cannot_be_reached_is_away_whatever_the_number_left_over_from_before(stale: int) -> None:
    error = read(pymssql.OperationalError((stale, REFUSED_CONNECTION)))
    assert error.meaning is Meaning.AWAY
    assert error.number == 0
    assert error.text.startswith("DB-Lib error message 20009, severity 9: Unable to connect")


def test_words_left_over_from_before_are_not_taken_for_the_reason() -> None:
    error = read(pymssql.OperationalError((5703, b"Changed language setting to 'us_english'" + REFUSED_CONNECTION)))
    assert error.meaning is Meaning.AWAY
    assert "language" not in error.text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (20047, DEAD),
        (20017, b"DB-Lib error message 20017, severity 9:\nUnexpected EOF from the server\n"),
        (20047, b"DB-Lib error message 20003, severity 6:\nTDS server connection timed out\n" + DEAD),
        (1205, DEAD),
        (596, b"Cannot continue the execution because the session is in the kill state." + FATAL_MESSAGES),
        (208, b"Invalid object name 'X'." + CHECK_MESSAGES + DEAD),
        (3624, b"A system assertion check has failed." + CHECK_MESSAGES.replace(b"severity 16", b"severity 20")),
        (40501, b"The service is currently busy." + CHECK_MESSAGES),
        (18456, b"Login failed for user 'sa'." + CHECK_MESSAGES + b"DB-Lib error message 20002, severity 9:\nfailed"),
    ],
)
def test_a_connection_that_broke_is_a_server_that_is_away(number: int, said: bytes) -> None:
    assert read(pymssql.OperationalError(number, said)).meaning is Meaning.AWAY


@pytest.mark.parametrize(
    "number",
    [
        *(233, 4060, 10053, 10054, 10060, 18452, 18456),
        *(701, 976, 983, 1105, 3906, 8645, 9002, 40544, 40549, 40550, 40551, 40552, 40553),
        *(4221, 10928, 10929, 40143, 40197, 40501, 40540, 40613, 49918, 49919, 49920),
    ],
)
def test_a_server_that_is_short_of_something_or_moves_has_refused_no_statement(number: int) -> None:
    assert read(pymssql.OperationalError(number, b"It cannot be done now." + CHECK_MESSAGES)).meaning is Meaning.AWAY


def test_a_driver_without_a_connection_is_a_server_that_is_away() -> None:
    assert read(pymssql.InterfaceError("Not connected to any MS SQL server")).meaning is Meaning.AWAY


def test_a_refused_statement_has_the_servers_number_and_words() -> None:
    error = read(pymssql.ProgrammingError(208, b"Invalid object name 'X'." + CHECK_MESSAGES))
    assert (error.meaning, error.number, error.text) == (Meaning.REFUSED, 208, "Invalid object name 'X'.")


def test_an_error_that_leaves_the_connection_open_is_a_refusal_however_severe_it_is() -> None:
    said = b"The statement ran out of something." + CHECK_MESSAGES.replace(b"severity 16", b"severity 19")
    assert read(pymssql.OperationalError(8623, said)).meaning is Meaning.REFUSED


def test_a_value_that_the_driver_cannot_write_is_a_refused_statement() -> None:
    assert read(pymssql.ProgrammingError("unsupported type")).meaning is Meaning.REFUSED


def test_the_victim_of_a_deadlock_is_told_from_a_refusal() -> None:
    victim = b"Transaction (Process ID 52) was deadlocked and has been chosen as the deadlock victim."
    assert read(pymssql.OperationalError(1205, victim + CHECK_MESSAGES)).meaning is Meaning.DEADLOCK


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1222, b"Lock request time out period exceeded."),
        (33557097, b"canceling statement due to lock timeout"),
    ],
    ids=["SQL Server", "Babelfish"],
)
def test_a_lock_that_was_not_to_be_had_is_told_from_a_refusal_and_from_an_absence(number: int, said: bytes) -> None:
    assert read(pymssql.OperationalError(number, said + CHECK_MESSAGES)).meaning is Meaning.LOCKED


@pytest.mark.parametrize(
    ("said", "no_tls"),
    [
        (b"DB-Lib error message 20002, severity 9:\nTDS server connection failed (db)\n", True),
        (b"DB-Lib error message 20002, severity 9:\nTDS server connection failed (db)\n" + DEAD, False),
        (REFUSED_CONNECTION, False),
    ],
)
def test_a_connection_that_failed_without_another_word_may_lack_tls(said: bytes, *, no_tls: bool) -> None:
    assert read(pymssql.OperationalError((911, said))).has_no_tls is no_tls
