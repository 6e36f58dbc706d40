"""The ``Retry-After`` header, in either of its forms (RFC 9110, 10.2.3)."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmasync.decisions.pauses import retry_after_seconds

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("1", 1.0),
        ("120", 120.0),
        ("  30  ", 30.0),
        ("007", 7.0),
        ("99999999999999999999", 999_999_999.0),
        ("Sun, 01 Mar 2026 12:02:00 GMT", 120.0),
        ("Sun, 01 Mar 2026 12:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 19:01:00 +0700", 60.0),
        ("Sun, 01 Mar 2026 12:01:00 -0000", 60.0),
        ("Sunday, 01-Mar-26 12:01:00 GMT", 60.0),
        ("Sun Mar  1 12:01:00 2026", 60.0),
    ],
)
def test_both_forms_are_read(header: str, seconds: float) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "   ",
        "soon",
        "-5",
        "+5",
        "1.5",
        "1e3",
        "0x10",
        "12 s",
        "1,2",
        "\u0663\u0664",
        "１２",
        "²",
        "nan",
        "inf",
        "Sun, 99 Mar 2026 12:02:00 GMT",
        "Sun, 01 Foo 2026 12:02:00 GMT",
        "Sun, 01 Mar 2026 25:61:61 GMT",
        "Sun, 01 Mar 2026 12:00:00 +9999",
        ",,,",
        "\ud800",
        "\x00",
    ],
)
def test_anything_else_is_no_wish_at_all(header: str | None) -> None:
    assert retry_after_seconds(header, NOW) is None


@given(st.integers(0, 999_999_999))
@settings(deadline=None)
def test_seconds_come_back_as_they_are(seconds: int) -> None:
    assert retry_after_seconds(str(seconds), NOW) == seconds


@given(st.integers(-1_000_000, 1_000_000))
@settings(deadline=None)
def test_a_date_is_as_far_as_it_is_away_and_never_in_the_past(seconds: int) -> None:
    header = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert retry_after_seconds(header, NOW) == max(0, seconds)


words = st.sampled_from(
    ["Sun,", "Mon", "01", "31", "Mar", "Foo", "2026", "26", "12:00:00", "99:99:99", "GMT", "+0700", "-9999", "-"]
)
nearly_dates = st.lists(words, max_size=7).map(" ".join)


@given(st.text(max_size=60) | nearly_dates | st.text(alphabet="0123456789:,+- GMT", max_size=14))
@settings(max_examples=400, deadline=None)
def test_no_header_of_a_reasonable_length_raises_or_gives_a_negative_wait(header: str) -> None:
    seconds = retry_after_seconds(header, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    "header",
    [
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2026 99999999999999999999:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
    ],
)
def test_a_date_beyond_all_calendars_says_nothing(header: str) -> None:
    assert retry_after_seconds(header, datetime(2026, 1, 1, tzinfo=UTC)) is None
