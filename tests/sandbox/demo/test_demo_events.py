"""What the demo tells of the attempts."""

from typing import Any

import pytest
from rich.text import Text

from pharmasync.sandbox.demo.events import in_words, most_telling


def attempt(**fields: Any) -> dict[str, Any]:
    usual = {
        "document_type": "sales_invoice",
        "business_id": "HD000012",
        "shop_id": "NT03",
        "attempt": 1,
        "outcome": "delivered",
        "national_id": "HD_QG_00000031",
        "error_class": None,
        "http_status": None,
    }
    return {**usual, **fields}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "✓ stored as HD_QG_00000031"),
        ({"attempt": 3}, "✓ stored as HD_QG_00000031 at attempt 3"),
        ({"outcome": "later", "error_class": "UnavailableError", "http_status": 503}, "↻ HTTP 503: again in a moment"),
        ({"outcome": "uncertain", "error_class": "LostAnswerError"}, "? no answer: stored or not? will look first"),
        ({"outcome": "refused", "error_class": "DoubledLocalIdError"}, "✗ refused: its code is used twice"),
        ({"outcome": "left_to_lease", "error_class": "ServerAwayError"}, "! left_to_lease: ServerAwayError"),
        ({"outcome": "bug", "error_class": "[/]"}, "! bug: [/]"),
    ],
)
def test_an_attempt_is_told_in_one_line(fields: dict[str, Any], told: str) -> None:
    line = Text.from_markup(in_words(attempt(**fields))).plain

    assert line == f"{'NT03 hoá đơn bán HD000012':<28} {told}"


def test_trouble_is_told_before_what_went_well_at_once() -> None:
    attempts = [
        attempt(business_id="a", outcome="later"),
        *[attempt(business_id=f"well {number}") for number in range(9)],
        attempt(business_id="b", attempt=2),
    ]

    assert [told["business_id"] for told in most_telling(attempts)] == ["a", "well 8", "b"]
