"""Whatever a client sends, it gets an answer, or its own connection ends: nothing hangs and nothing breaks."""

import contextlib
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pharmasync.decisions.poison import MARK
from pharmasync.decisions.sharing import Lane
from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.sqlserver.database import Databases
from pharmasync.sandbox.sqlserver.deadlocks import Deadlocks
from pharmasync.sandbox.sqlserver.errors import ProtocolError
from pharmasync.sandbox.sqlserver.login import Login, read_login
from pharmasync.sandbox.sqlserver.packets import PacketStream, PacketType
from pharmasync.sandbox.sqlserver.sessions import Session
from pharmasync.sqlserver.claim import Share, _claim
from pharmasync.sqlserver.tour import HEAD, TAIL, Leg, _loop
from tests.sandbox.sqlserver.test_practice_sql_wire import login_body, packet

OURS = "The practice SQL Server failed".encode("utf-16-le")
"""How an answer begins that tells of a fault of the server itself."""

STATEMENTS = [
    "CREATE TABLE T (id INT IDENTITY(1,1) PRIMARY KEY, a NVARCHAR(50) NOT NULL DEFAULT N'x', d DECIMAL(18,2) NULL)",
    "CREATE INDEX IX_T ON T (a) INCLUDE (d) WHERE a IN (N'x', N'y')",
    "INSERT INTO T (a, d) OUTPUT inserted.id VALUES (N'x', 1.50), (N'''', NULL)",
    "UPDATE T SET a = CASE WHEN a = N'x' THEN N'y' ELSE a END OUTPUT inserted.id WHERE id IN (1, 2) AND d IS NULL",
    "SELECT TOP (5) id, COALESCE(a, N'') AS a FROM T WITH (READPAST) WHERE a <> N'z' ORDER BY id DESC",
    "SELECT COUNT(*) AS n, MIN(id) AS least FROM T GROUP BY a",
    "DELETE FROM T WHERE id = 1;\nDROP TABLE T",
    "WAITFOR DELAY '00:00:01'",
    "USE [pharmacy]",
    _claim(SALES_INVOICE, [Share("S1", Lane.NEW, 2), Share("S2", Lane.NEW, 2)], 30.0, MARK)[0].replace("%s", "N'x'"),
    HEAD + _loop(Leg(SALES_INVOICE, Lane.RETURNING)).replace("%s", "N'x'") + TAIL,
]

odd = st.text(max_size=12) | st.sampled_from(
    ["'", "N'", ";", "(", ")", "--", "/*", "*/", "[", '"', "\0", "@x", "9" * 40]
)


@st.composite
def spoiled_statements(draw: st.DrawFn) -> str:
    """A statement with parts of it gone, doubled or replaced."""
    text: str = draw(st.sampled_from(STATEMENTS)).replace("%d", "1")
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + draw(odd | st.just(2 * text[start:end])) + text[end:]
    return text


@pytest.fixture
def session() -> Iterator[Session]:
    databases = Databases()
    databases.create("pharmacy")
    yield Session(databases, "pharmacy", lambda _: False, Deadlocks())
    databases.close()


@given(batch=st.text(max_size=200) | spoiled_statements() | st.lists(spoiled_statements(), max_size=3).map(";\n".join))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_batch_gets_an_answer_and_none_is_a_fault_of_the_server(session: Session, batch: str) -> None:
    answer = session.run(batch)
    assert answer
    assert OURS not in answer, answer.decode("utf-16-le", "replace")


pieces = st.one_of(
    st.binary(max_size=40),
    st.builds(packet, st.sampled_from([*map(int, PacketType), 0, 0x55]), st.binary(max_size=60)),
    st.just(packet(PacketType.LOGIN7, login_body("sa", "x", "pharmacy"))),
)


@given(st.lists(pieces, max_size=4).map(b"".join))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_messages_or_the_end_of_the_connection(sent: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(sent)
        theirs.shutdown(socket.SHUT_WR)
        stream = PacketStream(ours)
        with contextlib.suppress(ProtocolError):
            while (message := stream.read(5.0)) is not None:
                assert isinstance(message[0], PacketType)


@given(st.binary(max_size=300) | st.binary(min_size=94, max_size=94))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_login_or_named_as_none(body: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        assert isinstance(read_login(body), Login)
