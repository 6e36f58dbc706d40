"""Days: from whatever a column holds them in."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.words import Words
from tests.documents.column import Column, Fault, ValueRead

DAYS = [
    Column(SALES_INVOICE, "header", "sale_date", "ngày bán", "date of sale"),
    Column(SALES_INVOICE, "line", "production_date", "ngày sản xuất", "production date"),
    Column(SALES_INVOICE, "line", "expiry_date", "hạn dùng", "expiry date"),
    Column(PURCHASE_RECEIPT, "header", "receipt_date", "ngày nhập", "date of receipt"),
    Column(PURCHASE_RECEIPT, "line", "production_date", "ngày sản xuất", "production date"),
    Column(PURCHASE_RECEIPT, "line", "expiry_date", "hạn dùng", "expiry date"),
    Column(GOODS_ISSUE_SLIP, "header", "issue_date", "ngày xuất", "date of issue"),
    Column(GOODS_ISSUE_SLIP, "line", "production_date", "ngày sản xuất", "production date"),
    Column(GOODS_ISSUE_SLIP, "line", "expiry_date", "hạn dùng", "expiry date"),
]

VIETNAM = timezone(timedelta(hours=7))

READABLE = [
    date(2026, 3, 1),
    datetime(2026, 3, 1),  # noqa: DTZ001 - a DATETIME2 has no zone
    datetime(2026, 3, 1, 23, 59, 59, 999999),  # noqa: DTZ001 - likewise
    datetime(2026, 3, 1, 0, 30, tzinfo=VIETNAM),
    datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
    "2026-03-01",
    "20260301",
    " 2026-03-01 ",
    "2026-03-01 08:30:00",
    "2026-03-01T08:30:00",
    "2026-03-01 08:30:00.0000000",
    "2026-03-01T08:30:00+07:00",
    20260301,
]

NO_DAYS = [
    "yesterday",
    "01/03/2026",
    "2026-02-30",
    "20260230",
    "2026-13-01",
    "2026",
    "0000-00-00",
    "00000000",
    "2026-03-01 25:00",
    0,
    -1,
    20260230,
    1.5,
    True,
    b"2026-03-01",
    time(8, 30),
    "\x00",
    "\ud800",
    "9" * 10_000,
]


@pytest.mark.parametrize("raw", READABLE, ids=repr)
@pytest.mark.parametrize("column", DAYS, ids=str)
def test_a_day_may_be_a_date_a_moment_or_text(value_read: ValueRead, column: Column, raw: object) -> None:
    value = value_read(column.kind, column.place, column.name, raw)
    assert value == date(2026, 3, 1)
    assert type(value) is date


@pytest.mark.parametrize("raw", NO_DAYS, ids=lambda raw: ascii(raw)[:20])
@pytest.mark.parametrize("column", DAYS, ids=str)
def test_what_is_no_day_is_a_fault(fault: Fault, column: Column, raw: object) -> None:
    assert fault(column.kind, column.place, {column.name: raw}) == Words(
        f"{column.vi} không phải là ngày", f"{column.en} is not a date"
    )


@pytest.mark.parametrize("day", [date.min, date(999, 12, 31), date(1900, 1, 1), date.max])
def test_any_day_of_the_calendar_is_one(value_read: ValueRead, day: date) -> None:
    assert value_read(SALES_INVOICE, "line", "expiry_date", day) == day
    assert value_read(SALES_INVOICE, "line", "expiry_date", day.isoformat()) == day
