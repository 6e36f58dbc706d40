"""Reads the rows for the verdict."""

from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sandbox.demo.loading import LoadedDocument
from pharmasync.sandbox.demo.verdict import ExpectedDocument, FoundRow
from pharmasync.sqlserver.connection import SqlServer


def expected_document(loaded: LoadedDocument) -> ExpectedDocument:
    """What the verdict is to expect of a loaded document."""
    made = loaded.made
    return ExpectedDocument(
        kind=made.kind.name,
        id=loaded.id,
        shop=made.shop.id,
        facility=made.facility,
        code=made.local_id,
        drugs=tuple((str(line["drug_code"]), int(str(line["quantity"]).partition(".")[0])) for line in made.lines),
        sound=made.flaw is None,
        shop_can_log_in=made.shop.can_log_in,
    )


def read_rows(sql: SqlServer) -> list[FoundRow]:
    """Every row of the three types."""
    return [
        FoundRow(
            kind=kind.name,
            id=int(str(row["id"])),
            status=str(row["status"]),
            national_id=None if row["national_id"] is None else str(row["national_id"]),
            message=str(row["message"] or ""),
        )
        for kind in DOCUMENT_TYPES
        for row in sql.rows(
            f"SELECT id, status, {kind.national_id} AS national_id, sync_response_message AS message"
            f" FROM {kind.table} ORDER BY id"
        )
    ]
