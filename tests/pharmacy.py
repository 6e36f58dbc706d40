"""What a pharmacy's own software does in the tests: it inserts rows that are good unless a test spoils one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import frozen

from pharmasync.decisions.outcome import Outcome
from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.row import BegunRow
from pharmasync.sqlserver.begin import Begin, ToBegin
from pharmasync.sqlserver.connection import Row, SqlServer
from pharmasync.sqlserver.errand import LoneTrips, Trips
from pharmasync.sqlserver.outcome import Answered, WriteOutcomes

LINE = {
    "drug_code": "DQG00000001",
    "drug_name": "Paracetamol 500 mg",
    "lot_number": "LO-2026-01",
    "production_date": date(2025, 1, 15),
    "expiry_date": date(2028, 1, 15),
    "registration_number": "VD-12345-20",
    "unit": "viên",
    "quantity": Decimal("10.00"),
    "unit_price": Decimal("1500.50"),
}

SALE_LINE = {
    "concentration": "500 mg",
    "dosage": "Ngày 2 lần, mỗi lần 1 viên",
    "route_of_administration": "uống",
    "line_total": Decimal("15005.00"),
    "conversion_ratio": Decimal("1.00"),
}

HEADERS: dict[str, dict[str, Any]] = {
    SALES_INVOICE.name: {
        "sale_date": datetime(2026, 11, 20, 18, 30),  # noqa: DTZ001 - DATETIME2 has no zone
        "seller_name": "Người Bán Mẫu",
        "customer_name": "Khách Hàng Mẫu",
    },
    PURCHASE_RECEIPT.name: {
        "receipt_date": datetime(2026, 11, 19),  # noqa: DTZ001 - DATETIME2 has no zone
        "receipt_type": 1,
        "supplier_name": "Công ty Dược Mẫu",
        "notes": "nhập hàng",
    },
    GOODS_ISSUE_SLIP.name: {
        "issue_date": datetime(2026, 11, 18),  # noqa: DTZ001 - DATETIME2 has no zone
        "issue_type": 3,
        "notes": "hết hạn",
    },
}


@frozen
class Pharmacy:
    """Inserts rows and looks at them."""

    sql: SqlServer

    def add_shop(self, shop: str, *, account: str | None = None, password: str | None = "right") -> None:
        """A row in AccountShop; the account is named like the shop unless told otherwise."""
        self.sql.run(
            "INSERT INTO AccountShop (shop_pharmacy_code, pharmacy_code, account, password) VALUES (%s, %s, %s, %s)",
            (shop, f"GPP-{shop}", shop if account is None else account, password),
        )

    def add(  # noqa: PLR0913 - each names one thing about the document
        self,
        kind: DocumentType,
        code: str,
        shop: str | None = "S1",
        *,
        lines: int = 1,
        age: timedelta | None = None,
        line: dict[str, Any] | None = None,
        **header: Any,
    ) -> int:
        """A document with so many lines; ``header`` and ``line`` replace columns of the good one. Returns its id."""
        columns = {
            kind.local_id: code,
            "shop_pharmacy_code": shop,
            "pharmacy_code": f"GPP-{shop}",
            "status": "PENDING_SYNC",
            **HEADERS[kind.name],
            **header,
        }
        if age is not None:
            columns["created_at"] = datetime.now(UTC).replace(tzinfo=None) - age
        row_id = self._insert(kind.table, columns)
        for _ in range(lines):
            extra = SALE_LINE if kind is SALES_INVOICE else {}
            self._insert(kind.lines_table, {kind.parent: row_id, **LINE, **extra, **(line or {})})
        return row_id

    def row(self, kind: DocumentType, row_id: int) -> Row:
        """The header row."""
        return self.sql.rows(f"SELECT * FROM {kind.table} WHERE id = %d", (row_id,))[0]

    def status(self, kind: DocumentType, row_id: int) -> str:
        """The state of a row."""
        return str(self.row(kind, row_id)["status"])

    def set(self, kind: DocumentType, row_id: int, **columns: Any) -> None:
        """Changes columns of a header row."""
        assignments = ", ".join(f"{name} = %s" for name in columns)
        self.sql.run(f"UPDATE {kind.table} SET {assignments} WHERE id = %d", (*columns.values(), row_id))

    def make_due(self, kind: DocumentType, row_id: int) -> None:
        """Lets a row's wait or lease be over."""
        self.set(kind, row_id, sync_due_at=datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1))

    def _insert(self, table: str, columns: dict[str, Any]) -> int:
        names, places = ", ".join(columns), ", ".join("%s" for _ in columns)
        statement = f"INSERT INTO {table} ({names}) OUTPUT inserted.id VALUES ({places})"
        return int(str(self.sql.rows(statement, tuple(columns.values()))[0]["id"]))


@frozen
class Worker:
    """Begins rows and writes outcomes as a worker does, for a test that looks at what SQL Server makes of it."""

    trips: Trips
    facility_column: str = "pharmacy_code"

    @classmethod
    def alone(cls, sql: SqlServer, facility_column: str = "pharmacy_code") -> "Worker":
        """A worker that shares its round trips with nobody."""
        return cls(LoneTrips(sql), facility_column)

    def begin(self, kind: DocumentType, row_id: int, attempts: int | None = 0) -> BegunRow | None:
        """Begins a row for a message that was made after so many attempts."""
        return self.trips.run(Begin(lease=60, facility_column=self.facility_column), ToBegin(kind, row_id, attempts))

    def write(self, row: BegunRow, outcome: Outcome) -> bool:
        """Writes an outcome."""
        return self.trips.run(WriteOutcomes(), Answered(row, outcome))
