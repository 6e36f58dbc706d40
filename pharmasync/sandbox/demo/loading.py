"""Writes the shops and their documents into SQL Server, as the pharmacies' own software would."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from attrs import frozen

from pharmasync.documents import DOCUMENT_TYPES, DocumentType
from pharmasync.sandbox.demo.documents import MadeDocument
from pharmasync.sandbox.demo.shops import Shop
from pharmasync.sqlserver.connection import SqlServer

T = TypeVar("T")

ROWS_AN_INSERT = 100


@frozen
class LoadedDocument:
    """A document and the id of its row."""

    id: int
    made: MadeDocument


def load_shops(sql: SqlServer, shops: Sequence[Shop]) -> None:
    """Writes the shops' accounts into AccountShop."""
    columns = ("shop_pharmacy_code", "pharmacy_code", "account", "password")
    _insert(sql, "AccountShop", columns, [(shop.id, shop.facility, shop.account, shop.password) for shop in shops])


def load_documents(sql: SqlServer, documents: Sequence[MadeDocument]) -> list[LoadedDocument]:
    """Writes the documents and says which row each of them is."""
    loaded: list[LoadedDocument] = []
    for kind in DOCUMENT_TYPES:
        of_kind = [document for document in documents if document.kind is kind]
        for batch in _batches(of_kind):
            rows = _load_headers(sql, kind, batch)
            _load_lines(sql, kind, rows)
            loaded += rows
    return loaded


def _load_headers(sql: SqlServer, kind: DocumentType, documents: Sequence[MadeDocument]) -> list[LoadedDocument]:
    names = [name for name in kind.header_columns if name != kind.local_id]
    columns = ("pharmacy_code", "shop_pharmacy_code", kind.local_id, *names)
    values = [
        (document.facility, document.shop.id, document.local_id, *(document.header[name] for name in names))
        for document in documents
    ]
    row = f"({', '.join(['%s'] * len(columns))})"
    inserted = sql.rows(
        f"INSERT INTO {kind.table} ({', '.join(columns)})"
        f" OUTPUT inserted.id, inserted.shop_pharmacy_code AS shop, inserted.{kind.local_id} AS local_id"
        f" VALUES {', '.join([row] * len(values))}",
        [value for row_values in values for value in row_values],
    )
    # OUTPUT promises no order. Two documents with the same code may change places: what is wrong with them is the same.
    ids: dict[tuple[str, str], list[int]] = defaultdict(list)
    for found in inserted:
        ids[str(found["shop"]), str(found["local_id"])].append(int(str(found["id"])))
    return [LoadedDocument(ids[document.shop.id, document.local_id].pop(0), document) for document in documents]


def _load_lines(sql: SqlServer, kind: DocumentType, documents: Sequence[LoadedDocument]) -> None:
    columns = (kind.parent, *kind.line_columns)
    values = [
        (document.id, *(line[name] for name in kind.line_columns))
        for document in documents
        for line in document.made.lines
    ]
    _insert(sql, kind.lines_table, columns, values)


def _insert(sql: SqlServer, table: str, columns: Sequence[str], values: Sequence[tuple[object, ...]]) -> None:
    row = f"({', '.join(['%s'] * len(columns))})"
    for batch in _batches(values):
        sql.run(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(batch))}",
            [value for row_values in batch for value in row_values],
        )


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), ROWS_AN_INSERT):
        yield values[start : start + ROWS_AN_INSERT]
