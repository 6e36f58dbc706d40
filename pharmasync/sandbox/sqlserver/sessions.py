"""One connection's session: its database, and the batches that it runs."""

import re
from collections.abc import Callable, Iterator

from attrs import define, field

from pharmasync.sandbox.sqlserver.batches import Statement, read_batch
from pharmasync.sandbox.sqlserver.database import Databases
from pharmasync.sandbox.sqlserver.deadlocks import Deadlocks
from pharmasync.sandbox.sqlserver.errors import SHOWN_CHARACTERS, RefusedError, SQLServerError, refused
from pharmasync.sandbox.sqlserver.grammar import DATA_WORDS, DEFINITION_WORDS, read_shape
from pharmasync.sandbox.sqlserver.tokens import (
    DONE_ERROR,
    DONE_MORE,
    database_changed,
    done,
    error,
    info,
    result_set,
)
from pharmasync.sandbox.sqlserver.tours import COLUMNS, Loop, read_tours

IGNORED = re.compile(
    r"SET (?:(?:ARITHABORT|CONCAT_NULL_YIELDS_NULL|ANSI_NULLS|ANSI_NULL_DFLT_ON|ANSI_PADDING|ANSI_WARNINGS"
    r"|CURSOR_CLOSE_ON_COMMIT|QUOTED_IDENTIFIER) ON|(?:TEXTSIZE|LOCK_TIMEOUT) @i)|(?:BEGIN|COMMIT) TRAN",
    re.IGNORECASE,
)
"""What clients set. Every statement is committed at once: a transaction has nothing to do, and no lock stays."""

XACT_ABORT = re.compile(r"SET XACT_ABORT (ON|OFF)", re.IGNORECASE)

USE = re.compile(r"USE (?:\[([^\]]+)\]|(\w+))", re.IGNORECASE)
DATABASE = re.compile(r"(CREATE|DROP) DATABASE (?:\[([^\]]+)\]|(\w+))", re.IGNORECASE)
WAIT = re.compile(r"WAITFOR DELAY @n", re.IGNORECASE)
DELAY = re.compile(r"00:00:(\d\d)")


class CancelledError(Exception):
    """The client has cancelled the batch."""


@define
class Session:
    """A client that has logged in.

    Args:
        databases: The server's databases.
        database: The name of the current one.
        wait: Waits that many seconds; True when the client cancelled meanwhile.
        deadlocks: Chooses the victims of deadlocks.
        xact_abort: Whether every error ends its batch.
    """

    databases: Databases
    database: str
    wait: Callable[[float], bool]
    deadlocks: Deadlocks
    xact_abort: bool = field(default=False, init=False)

    def run(self, text: str) -> bytes:
        """Runs a batch; its answer as tokens.

        Raises:
            CancelledError: The client has cancelled the batch.
        """
        try:
            tours = read_tours(text)
            if tours is not None:
                return self._tours(tours)
            statements = read_batch(text)
            for statement in statements:
                _check(statement)
            return b"".join(self._answers(statements)) or done()
        except RefusedError as failure:
            return error(refused(str(failure), text)) + done(DONE_ERROR)
        except SQLServerError as failure:
            return error(failure) + done(DONE_ERROR)
        except RecursionError:
            return error(refused("too deeply nested", text)) + done(DONE_ERROR)
        except CancelledError:
            raise
        except Exception as failure:  # noqa: BLE001 - a fault of this server is told, not left as a dead connection
            words = f"The practice SQL Server failed with {failure!r} at: {text[:SHOWN_CHARACTERS]}"
            return error(SQLServerError(50000, words)) + done(DONE_ERROR)

    def _tours(self, tours: list[Loop]) -> bytes:
        """The shops that tours find."""
        with self.databases.lock:
            self.deadlocks.meet()
            run = self.databases.open(self.database).run
            rows = [row for tour in tours for row in tour.rows(run)]
        return result_set(COLUMNS, rows) + done(count=len(rows))

    def _answers(self, statements: list[Statement]) -> Iterator[bytes]:
        for position, statement in enumerate(statements, start=1):
            more = DONE_MORE if position < len(statements) else 0
            try:
                yield self._statement(statement, more)
            except SQLServerError as failure:
                if failure.ends_batch or self.xact_abort:
                    yield error(failure) + done(DONE_ERROR)
                    return
                yield error(failure) + info(3621, "The statement has been terminated.") + done(DONE_ERROR | more)
            except RefusedError as failure:
                yield error(refused(str(failure), statement.text)) + done(DONE_ERROR)
                return

    def _statement(self, statement: Statement, more: int) -> bytes:
        shape = statement.shape
        if _is_for_a_database(statement):
            with self.databases.lock:
                if statement.word in DATA_WORDS:
                    self.deadlocks.meet()
                result = self.databases.open(self.database).run(statement)
            rows = result_set(result.columns, result.rows) if result.columns else b""
            return rows + done(more, result.count)
        if found := USE.fullmatch(shape):
            old, self.database = self.database, self.databases.open(found[1] or found[2]).name
            return database_changed(self.database, old) + done(more)
        if found := DATABASE.fullmatch(shape):
            self._create_or_drop(found[1].upper(), found[2] or found[3])
            return done(more)
        if found := XACT_ABORT.fullmatch(shape):
            self.xact_abort = found[1].upper() == "ON"
        if WAIT.fullmatch(shape):
            self._wait(str(statement.literals[0]))
        return done(more)

    def _create_or_drop(self, word: str, name: str) -> None:
        if word == "CREATE":
            self.databases.create(name)
        elif name.lower() == self.database.lower():
            raise SQLServerError(3702, f'Cannot drop database "{name}" because it is currently in use.')
        else:
            self.databases.drop(name)

    def _wait(self, delay: str) -> None:
        found = DELAY.fullmatch(delay)
        if found is None:
            raise RefusedError("a delay that is not 00:00:SS")
        if self.wait(float(found[1])):
            raise CancelledError


def _check(statement: Statement) -> None:
    """Refuses what this server does not take, before any statement of the batch runs."""
    if _is_for_a_database(statement):
        read_shape(statement.shape)
    elif not any(form.fullmatch(statement.shape) for form in (IGNORED, XACT_ABORT, USE, DATABASE, WAIT)):
        raise RefusedError(statement.word)


def _is_for_a_database(statement: Statement) -> bool:
    if statement.word in DATA_WORDS:
        return True
    return statement.word in DEFINITION_WORDS and not DATABASE.fullmatch(statement.shape)
