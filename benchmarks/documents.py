"""The documents of a benchmark: the three types in equal number, three lines each, all of them sound."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from random import Random

import attrs

from pharmasync.decisions.status import Status
from pharmasync.documents import DOCUMENT_TYPES, DocumentType, read_document
from pharmasync.national.v1 import Version1
from pharmasync.national.v1.adapter import DOCUMENTS
from pharmasync.national.v1.wire import FORMS
from pharmasync.sandbox.demo.documents import KINDS, MadeDocument, make_documents
from pharmasync.sandbox.demo.loading import load_documents, load_shops
from pharmasync.sandbox.demo.shops import SHOPS
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.schema import create_or_extend

LINES = 3
SEED = 1
LAST_ID = 2**31 - 1


def make(count: int, today: date) -> list[MadeDocument]:
    """At least ``count`` documents, the types taking turns."""
    each = -(-count // len(DOCUMENT_TYPES))
    # The demo's types are not equally common: enough are made for the rarest one, with some to spare.
    made_up = each * sum(KINDS.values()) // min(KINDS.values()) * 5 // 4 + 100
    dice = Random(SEED)  # noqa: S311 - the same documents in every run
    made = make_documents(made_up, dice, today)
    by_kind = [[one for one in made if one.kind is kind][:each] for kind in DOCUMENT_TYPES]
    return [_with_three_lines(one) for one in chain.from_iterable(zip(*by_kind, strict=True))]


def _with_three_lines(document: MadeDocument) -> MadeDocument:
    return attrs.evolve(document, lines=(document.lines * LINES)[:LINES])


def load(sql: SqlServer, documents: Sequence[MadeDocument]) -> None:
    """Creates the tables and writes shops and documents into them."""
    create_or_extend(sql)
    load_shops(sql, SHOPS)
    load_documents(sql, documents)


def set_all(sql: SqlServer, status: Status, last_id: int = LAST_ID) -> None:
    """Puts every row, or those of each type up to an id, into a state as if it had never been tried."""
    for kind in DOCUMENT_TYPES:
        sql.run(f"UPDATE {kind.table} SET {_untried(kind)} WHERE id <= %d", (status.value, last_id))


def set_one(sql: SqlServer, kind: DocumentType, row_id: int, status: Status) -> None:
    """The same for one row, in one round trip: to the producer it is a row that was inserted with its lines."""
    sql.run(f"UPDATE {kind.table} SET {_untried(kind)} WHERE id = %d", (status.value, row_id))


def _untried(kind: DocumentType) -> str:
    return (
        f"status = %s, sync_attempts = 0, sync_due_at = NULL, {kind.national_id} = NULL, sync_response_message = NULL"
    )


def count(sql: SqlServer, status: Status) -> int:
    """How many rows are in a state; one round trip for each document type."""
    counts = (
        sql.rows(f"SELECT COUNT(*) AS found FROM {kind.table} WHERE status = %s", (status.value,))
        for kind in DOCUMENT_TYPES
    )
    return sum(int(str(rows[0]["found"])) for rows in counts)


def ids(sql: SqlServer, kind: DocumentType) -> list[int]:
    """The ids of all rows of a type, in order."""
    return [int(str(row["id"])) for row in sql.rows(f"SELECT id FROM {kind.table} ORDER BY id")]


def calls(documents: Iterable[MadeDocument]) -> list[str]:
    """Each document as the call that stores it: a line with the path, a tabulator and the body."""
    return [f"{DOCUMENTS}{FORMS[one.kind.name].path}\t{_body(one)}" for one in documents]


def _body(made: MadeDocument) -> str:
    header = {**made.header, made.kind.local_id: made.local_id, "facility_code": made.facility}
    document = read_document(made.kind, header, made.lines)
    return json.dumps(Version1().body(made.kind, document), ensure_ascii=False, separators=(",", ":"))
