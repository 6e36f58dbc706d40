"""How the producer and the worker name the row that is the probe."""

from pharmasync.documents import DocumentType
from pharmasync.in_hand import in_hand


def name_of(kind: DocumentType, row_id: int) -> str:
    """A row's name."""
    return f"{kind.name}:{row_id}"


def row_in_hand() -> str | None:
    """The name of the row that this thread sends; None where it sends none, as in a command."""
    try:
        row = in_hand().row
    except LookupError:
        return None
    return None if row is None else name_of(row.kind, row.id)
