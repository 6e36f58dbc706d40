"""The documents that pharmasync delivers: what they hold, what each field must keep, and nothing of the wire."""

from pharmasync.documents.goods_issue_slip import GOODS_ISSUE_SLIP
from pharmasync.documents.kind import Document, DocumentType
from pharmasync.documents.purchase_receipt import PURCHASE_RECEIPT
from pharmasync.documents.reading import read_document
from pharmasync.documents.sales_invoice import SALES_INVOICE

__all__ = [
    "DOCUMENT_TYPES",
    "GOODS_ISSUE_SLIP",
    "PURCHASE_RECEIPT",
    "SALES_INVOICE",
    "Document",
    "DocumentType",
    "read_document",
]

DOCUMENT_TYPES: tuple[DocumentType, ...] = (
    PURCHASE_RECEIPT,
    SALES_INVOICE,
    GOODS_ISSUE_SLIP,
)
"""Every document type, in the order in which a shop's documents are sent."""
