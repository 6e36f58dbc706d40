"""What an error of the driver means: whether SQL Server refused a statement, or cannot be used at all.

pymssql gives a number and a text. The number is that of the last message which any connection of the process got from
its server, long ago perhaps, and means something only where the text says that the server has just sent a message.
"""

import re
from enum import Enum

import pymssql
from attrs import frozen

DRIVER_SAID = re.compile(r"DB-Lib error message (\d+), severity (\d+)")

SERVER_SAID = 20018
"""FreeTDS's "check messages from the SQL Server": the text before it is the server's, and so is its severity."""

FATAL = 20
"""From this severity on the server ends the connection."""

DEADLOCK = 1205

LOCKED = 1222
"""A lock was not to be had within LOCK_TIMEOUT."""

LOCKED_IN_WORDS = "canceling statement due to lock timeout"
"""What Babelfish says instead, under no number of its own."""

DOES_NOT_FIT = frozenset({2628, 8152})
"""A text is longer than its column: the tables are somebody else's, and their columns may be narrower than ours."""

NOT_TO_BE_HAD = {4060, 18456, 18452, 233, 10053, 10054, 10060, 976, 983}
"""The login, the connection, or the database: it may just be moving to another server of its group."""

SHORT_OF_SOMETHING = {701, 1105, 3906, 8645, 9002, 40544, *range(40549, 40554)}
"""The server lacks memory, space for data or for its log, or may only read for now: no fault of the statement's."""

AZURES_TRANSIENT = {4221, 10928, 10929, 40143, 40197, 40501, 40540, 40613, 49918, 49919, 49920}

AWAY = frozenset(NOT_TO_BE_HAD | SHORT_OF_SOMETHING | AZURES_TRANSIENT)
"""Errors by which the server says that it cannot be used now."""

NO_CONNECTION = {20002}
"""All that FreeTDS says where no TLS came about; of nearly everything else that goes wrong it tells more."""


class Meaning(Enum):
    """What is to be thought of SQL Server."""

    AWAY = "it cannot be used: what was asked may or may not have been done"
    DEADLOCK = "it undid the statement in favour of another one"
    LOCKED = "it undid the statement, since somebody else's transaction would not end"
    REFUSED = "it refused the statement"


@frozen(kw_only=True)
class DriverError:
    """An error of the driver, read.

    Attributes:
        meaning: What it means for a statement.
        number: The server's number of the error; 0 where the server did not speak.
        text: What was said, on one line.
        has_no_tls: Whether it may be that there is no TLS, and nothing else.
    """

    meaning: Meaning
    number: int
    text: str
    has_no_tls: bool = False


def read(error: pymssql.Error) -> DriverError:
    """What an error means that a statement ended with; whatever ends a connection attempt means that it is away."""
    number, whole = _parts(error)
    said = [(int(message), int(severity)) for message, severity in DRIVER_SAID.findall(whole)]
    spoke = not said or SERVER_SAID in dict(said)
    if isinstance(error, pymssql.InterfaceError) or not spoke or _is_broken(said) or number in AWAY:
        meaning = Meaning.AWAY
    elif number == DEADLOCK:
        meaning = Meaning.DEADLOCK
    else:
        meaning = Meaning.LOCKED if number == LOCKED or LOCKED_IN_WORDS in whole else Meaning.REFUSED
    return DriverError(
        meaning=meaning,
        number=number if spoke else 0,
        text=_told(whole, servers=spoke),
        has_no_tls={message for message, _ in said} == NO_CONNECTION,
    )


def _is_broken(said: list[tuple[int, int]]) -> bool:
    return any(message != SERVER_SAID or severity >= FATAL for message, severity in said)


def _parts(error: pymssql.Error) -> tuple[int, str]:
    """The number and the whole text, which a statement's error has as its arguments and a login's as one pair."""
    arguments: object = error.args
    while isinstance(arguments, tuple) and len(arguments) == 1:
        (arguments,) = arguments
    number, text = arguments if isinstance(arguments, tuple) and len(arguments) > 1 else (0, arguments)
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return number if isinstance(number, int) else 0, text


def _told(whole: str, *, servers: bool) -> str:
    """The server's own words, or the driver's where it did not speak: words before those are from another time."""
    servers_words = " ".join(whole.partition("DB-Lib error message")[0].split())
    if servers and servers_words:
        return servers_words[:300]
    return " ".join(whole[whole.find("DB-Lib error message") :].split())[:300]
