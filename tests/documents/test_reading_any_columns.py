"""Whatever the columns hold, reading gives a document or says what is wrong with it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmasync.documents import DOCUMENT_TYPES, Document, DocumentType, read_document
from pharmasync.errors import FaultyDocumentError
from pharmasync.words import Words

Row = dict[str, object]

column_values = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.decimals(allow_nan=True, allow_infinity=True)
    | st.text(max_size=60)
    | st.binary(max_size=10)
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.uuids()
)
good_values = st.sampled_from(["79-00012", 1, 2, Decimal("10.00"), date(2026, 3, 1), "20260301", "x" * 51, "x" * 501])


@st.composite
def rows(draw: st.DrawFn) -> tuple[DocumentType, Row, list[Row]]:
    """A header and lines with any values in the document's own columns."""
    kind = draw(st.sampled_from(DOCUMENT_TYPES))
    values = column_values | good_values
    header: Row = {name: draw(values) for name in (*kind.header_columns, "facility_code")}
    lines: list[Row] = [{name: draw(values) for name in kind.line_columns} for _ in range(draw(st.integers(0, 2)))]
    return kind, header, lines


def read(kind: DocumentType, header: Row, lines: list[Row]) -> Document | Words | str:
    """The document, or the words of its faults; any other error comes through."""
    try:
        return read_document(kind, header, lines)
    except FaultyDocumentError as error:
        return error.words


@given(rows())
@settings(max_examples=250, deadline=None)
def test_reading_gives_a_document_or_its_faults_and_never_another_error(
    found: tuple[DocumentType, Row, list[Row]],
) -> None:
    kind, header, lines = found
    got = read(kind, header, lines)
    if isinstance(got, kind.document):
        assert len(got.lines) == len(lines) > 0
    else:
        assert isinstance(got, Words)
        assert got.vi
        assert got.en


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_one_strange_value_in_a_good_document_is_taken_or_told_with_its_place(
    kind: DocumentType, data: st.DataObject
) -> None:
    good: Row = {
        **dict.fromkeys((*kind.header_columns, *kind.line_columns, "facility_code"), "20260301"),
        "receipt_type": 2,
        "issue_type": 2,
    }
    name = data.draw(st.sampled_from(sorted({*kind.header_columns, *kind.line_columns})))
    strange = {**good, name: data.draw(column_values)}

    got = read(kind, strange, [strange])

    if not isinstance(got, kind.document):
        assert isinstance(got, Words)
        assert got.en.startswith("line 1: ") is (name in kind.line_columns)
