"""The table: what each kind of error means for the row."""

import pytest

from pharmasync.decisions.doubt import Doubt
from pharmasync.decisions.outcome import Outcome
from pharmasync.decisions.pauses import Pauses
from pharmasync.decisions.status import Status
from pharmasync.decisions.table import Attempt, decide
from pharmasync.errors import (
    AccountMissingError,
    AlreadyStoredError,
    CircuitOpenError,
    CredentialsRefusedError,
    DeliveryError,
    DoubledLocalIdError,
    FaultyDocumentError,
    ForeignDocumentError,
    HeldBackError,
    LeaseEndingError,
    LimitReachedError,
    LostAnswerError,
    MessageError,
    NetworkTroubleError,
    NotStoredError,
    PauseNotStoredError,
    PharmasyncError,
    ProbeFailedError,
    ProbeLostError,
    RefusedError,
    ServerAwayError,
    SettingError,
    ShopPausedError,
    StatementError,
    TokenRefusedError,
    UnavailableError,
    UncertainError,
    UnreachableError,
    UnreadableAnswerError,
    UnresolvedError,
)
from pharmasync.words import Words

PAUSES = Pauses(first=30.0, longest=3600.0, uncertain=60.0, held_back=300.0, attempts=5)
LAST = 5
WORDS = Words("lý do", "the reason")

UNAVAILABLE = [UnavailableError, NetworkTroubleError, UnreachableError, TokenRefusedError]
UNCERTAIN = [UncertainError, LostAnswerError, UnreadableAnswerError, UnresolvedError]
REFUSED = [
    RefusedError,
    AlreadyStoredError,
    NotStoredError,
    FaultyDocumentError,
    DoubledLocalIdError,
    ForeignDocumentError,
]
PAUSED = [ShopPausedError, CredentialsRefusedError]
HELD_BACK = [HeldBackError, *PAUSED, AccountMissingError, LeaseEndingError, LimitReachedError, CircuitOpenError]
AWAY = [ServerAwayError("SQL Server", "gone"), ServerAwayError("Redis", "gone"), StatementError("no such column")]
BUGS: list[BaseException] = [
    ValueError("Nguyễn Văn A"),
    KeyError("customer_name"),
    MessageError("x"),
    SettingError("x"),
    PharmasyncError("x"),
    DeliveryError("x"),
    KeyboardInterrupt(),
]
WAITING = [(Doubt.NONE, Status.PENDING), (Doubt.SLIGHT, Status.PENDING), (Doubt.STRONG, Status.UNCERTAIN)]
NUMBERS = [1, 2, LAST - 1, LAST, LAST + 1]
BEFORE_LAST = [1, 2, LAST - 1]
LAST_OF_ROUNDS = [LAST, 2 * LAST, 20 * LAST]


def attempt(number: int = 1, doubt: Doubt = Doubt.NONE, *, sent: bool = False, chance: float = 0.0) -> Attempt:
    return Attempt(number=number, doubt=doubt, sent=sent, chance=chance)


def decided(error: BaseException, about: Attempt) -> Outcome:
    outcome = decide(error, about, PAUSES)
    assert outcome is not None
    return outcome


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("doubt", Doubt)
@pytest.mark.parametrize("error", AWAY, ids=str)
def test_a_server_of_ours_that_is_away_leaves_the_row_to_its_lease(error: Exception, doubt: Doubt, number: int) -> None:
    assert decide(error, attempt(number, doubt, sent=True), PAUSES) is None


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("doubt", "status"), WAITING)
@pytest.mark.parametrize("error", HELD_BACK)
def test_a_shop_that_cannot_send_gets_its_row_back_as_it_was_and_no_attempt_is_counted(
    error: type[HeldBackError], doubt: Doubt, status: Status, number: int
) -> None:
    outcome = decided(error(WORDS), attempt(number, doubt))

    assert (outcome.name, outcome.status, outcome.counted) == ("held_back", status, False)
    assert outcome.message == "lý do / the reason"
    assert outcome.national_id is None


@pytest.mark.parametrize("error", PAUSED)
def test_the_row_of_a_paused_shop_is_due_as_soon_as_the_shop_is_resumed(error: type[HeldBackError]) -> None:
    assert decided(error(WORDS), attempt()).due_in is None


@pytest.mark.parametrize("error", [AccountMissingError, PauseNotStoredError, HeldBackError])
def test_the_row_of_a_shop_without_an_account_or_that_could_not_be_paused_waits_and_so_does_what_else_is_held_back(
    error: type[HeldBackError],
) -> None:
    assert decided(error(WORDS), attempt()).due_in == 300.0


@pytest.mark.parametrize("error", [LeaseEndingError, LimitReachedError])
def test_a_row_whose_lease_was_about_to_end_or_whose_call_was_one_too_many_waits_a_little(
    error: type[HeldBackError],
) -> None:
    for chance in (0.0, 0.99):
        due_in = decided(error(WORDS), attempt(number=9, chance=chance)).due_in
        assert due_in is not None
        assert 0 < due_in <= PAUSES.first


@pytest.mark.parametrize(("chance", "due_in"), [(0.0, 30.0), (0.5, 45.0)])
def test_a_row_that_found_the_circuit_open_waits_a_minute_or_so_and_not_with_all_others(
    chance: float, due_in: float
) -> None:
    assert decided(CircuitOpenError(WORDS), attempt(9, chance=chance)).due_in == due_in


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("doubt", "status"), WAITING)
def test_a_probe_that_failed_is_due_soon_again_and_never_gives_a_row_up(
    doubt: Doubt, status: Status, number: int
) -> None:
    outcome = decided(ProbeFailedError(WORDS), attempt(number, doubt))

    assert (outcome.name, outcome.status, outcome.due_in) == ("later", status, 30.0)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("doubt", Doubt)
def test_a_probe_whose_answer_was_lost_leaves_the_row_uncertain_and_never_gives_it_up(
    doubt: Doubt, number: int
) -> None:
    outcome = decided(ProbeLostError(WORDS), attempt(number, doubt, sent=True))

    assert (outcome.name, outcome.status, outcome.due_in) == ("uncertain", Status.UNCERTAIN, 60.0)


@pytest.mark.parametrize("error", [ProbeFailedError, ProbeLostError])
def test_a_probe_that_may_have_been_written_counts_lest_a_late_outcome_be_taken_for_the_next_attempts(
    error: type[DeliveryError],
) -> None:
    assert decided(error(WORDS), attempt(3, sent=True)).counted


@pytest.mark.parametrize(("doubt", "due_in"), [(Doubt.NONE, None), (Doubt.SLIGHT, None), (Doubt.STRONG, 0.0)])
def test_a_refusal_of_a_row_in_doubt_keeps_the_doubt(doubt: Doubt, due_in: float | None) -> None:
    assert decided(RefusedError(WORDS), attempt(2, doubt)).due_in == due_in


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("doubt", Doubt)
@pytest.mark.parametrize("error", REFUSED)
def test_a_refused_document_fails_at_once_with_the_words_of_the_refusal(
    error: type[RefusedError], doubt: Doubt, number: int
) -> None:
    outcome = decided(error("Mã phiếu trống (HTTP 400)"), attempt(number, doubt))

    assert (outcome.name, outcome.status) == ("refused", Status.FAILED)
    hint = "; có thể đã được lưu / it may be stored" if doubt is Doubt.STRONG else ""
    assert outcome.message == f"Mã phiếu trống (HTTP 400){hint}"
    assert outcome.counted


@pytest.mark.parametrize("number", BEFORE_LAST)
@pytest.mark.parametrize("doubt", Doubt)
@pytest.mark.parametrize("error", UNCERTAIN)
def test_a_lost_answer_leaves_the_row_uncertain_whatever_was_known_before(
    error: type[UncertainError], doubt: Doubt, number: int
) -> None:
    outcome = decided(error(WORDS), attempt(number, doubt))

    assert (outcome.name, outcome.status, outcome.counted) == ("uncertain", Status.UNCERTAIN, True)
    assert outcome.message == "lý do / the reason"


@pytest.mark.parametrize(
    ("number", "chance", "seconds"),
    [
        pytest.param(1, 0.0, 60.0, id="15 s would be too soon"),
        pytest.param(2, 0.0, 60.0, id="30 s would be too soon"),
        pytest.param(2, 0.99, 60.0, id="59.7 s would be too soon"),
        pytest.param(3, 0.5, 90.0, id="the growing pause is longer"),
        pytest.param(4, 0.0, 120.0, id="and grows on"),
    ],
)
def test_an_uncertain_row_is_not_looked_at_before_the_least_wait(number: int, chance: float, seconds: float) -> None:
    assert decided(LostAnswerError(WORDS), attempt(number, chance=chance)).due_in == seconds


@pytest.mark.parametrize("number", BEFORE_LAST)
@pytest.mark.parametrize(("doubt", "status"), WAITING)
@pytest.mark.parametrize("error", UNAVAILABLE)
def test_a_server_that_cannot_take_it_now_gets_it_later_and_a_strong_doubt_stays(
    error: type[UnavailableError], doubt: Doubt, status: Status, number: int
) -> None:
    outcome = decided(error(WORDS), attempt(number, doubt))

    assert (outcome.name, outcome.status, outcome.counted) == ("later", status, True)
    assert outcome.message == "lý do / the reason"


@pytest.mark.parametrize(
    ("number", "chance", "retry_after", "seconds"),
    [
        (1, 0.0, None, 15.0),
        (1, 0.5, None, 22.5),
        (2, 0.0, None, 30.0),
        (4, 0.0, None, 120.0),
        (1, 0.0, 0.0, 15.0),
        (1, 0.0, 10.0, 15.0),
        (1, 0.0, 15.5, 15.5),
        (1, 0.0, 600.0, 600.0),
        (4, 0.0, 60.0, 120.0),
        (1, 0.0, 3600.0, 3600.0),
        (1, 0.0, 3601.0, 3600.0),
        (1, 0.0, 999_999_999.0, 3600.0),
    ],
)
def test_the_longer_of_our_pause_and_the_one_asked_for_is_kept_up_to_the_longest(
    number: int, chance: float, retry_after: float | None, seconds: float
) -> None:
    error = UnavailableError(WORDS, retry_after=retry_after)
    assert decided(error, attempt(number, chance=chance)).due_in == seconds


@pytest.mark.parametrize("number", LAST_OF_ROUNDS)
@pytest.mark.parametrize("doubt", [Doubt.NONE, Doubt.SLIGHT])
@pytest.mark.parametrize("error", UNAVAILABLE)
def test_after_the_last_attempt_of_each_round_the_row_is_given_up(
    error: type[UnavailableError], doubt: Doubt, number: int
) -> None:
    outcome = decided(error(WORDS, retry_after=7.0), attempt(number, doubt))

    assert (outcome.name, outcome.status, outcome.due_in) == ("given_up", Status.FAILED, None)
    assert outcome.message == (f"đã thử {number} lần, dừng lại / given up after {number} attempts: lý do / the reason")


@pytest.mark.parametrize("number", LAST_OF_ROUNDS)
@pytest.mark.parametrize("error", UNAVAILABLE)
def test_a_row_in_doubt_that_is_given_up_says_so_and_has_a_due_time_for_retry_to_see(
    error: type[UnavailableError], number: int
) -> None:
    outcome = decided(error(WORDS), attempt(number, Doubt.STRONG))

    assert (outcome.name, outcome.status, outcome.due_in) == ("given_up", Status.FAILED, 0.0)
    assert outcome.message == (
        f"đã thử {number} lần, dừng lại; có thể đã được lưu / given up after {number} attempts; it may be stored:"
        " lý do / the reason"
    )


@pytest.mark.parametrize("number", LAST_OF_ROUNDS)
@pytest.mark.parametrize("doubt", Doubt)
@pytest.mark.parametrize("error", UNCERTAIN)
def test_a_row_whose_last_answer_was_lost_is_given_up_in_doubt(
    error: type[UncertainError], doubt: Doubt, number: int
) -> None:
    outcome = decided(error(WORDS), attempt(number, doubt))

    assert (outcome.name, outcome.status, outcome.due_in) == ("given_up", Status.FAILED, 0.0)
    assert "có thể đã được lưu / given up" in str(outcome.message)
    assert "it may be stored: lý do / the reason" in str(outcome.message)


@pytest.mark.parametrize("number", [LAST + 1, 3 * LAST - 1])
@pytest.mark.parametrize("error", [*UNAVAILABLE, *UNCERTAIN])
def test_a_row_that_was_retried_after_it_was_given_up_has_another_round_of_attempts(
    error: type[DeliveryError], number: int
) -> None:
    """Its count goes on, since a message from before the retry must not fit again."""
    outcome = decided(error(WORDS), attempt(number, Doubt.STRONG))

    assert outcome.status is Status.UNCERTAIN
    assert outcome.due_in == decided(error(WORDS), attempt((number - 1) % LAST + 1, Doubt.STRONG)).due_in


def test_the_attempt_before_the_last_one_is_not_given_up() -> None:
    assert decided(UnavailableError(WORDS), attempt(LAST - 1)).name == "later"
    assert decided(UnavailableError(WORDS), attempt(LAST)).name == "given_up"


def test_one_attempt_alone_may_be_allowed() -> None:
    outcome = decide(UnavailableError(WORDS), attempt(1), Pauses(attempts=1))
    assert outcome is not None
    assert outcome.name == "given_up"


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("error", BUGS, ids=lambda error: type(error).__name__)
def test_our_own_bug_fails_the_row_with_the_exceptions_name_and_nothing_of_its_text(
    error: BaseException, number: int
) -> None:
    outcome = decided(error, attempt(number))

    assert (outcome.name, outcome.status, outcome.counted) == ("bug", Status.FAILED, True)
    assert outcome.message == f"lỗi của phần mềm gửi / a fault of the sending software: {type(error).__name__}"


@pytest.mark.parametrize(
    ("doubt", "sent", "due_in"),
    [
        (Doubt.NONE, False, None),
        (Doubt.SLIGHT, False, None),
        (Doubt.STRONG, False, 0.0),
        (Doubt.NONE, True, 0.0),
        (Doubt.SLIGHT, True, 0.0),
        (Doubt.STRONG, True, 0.0),
    ],
)
def test_a_bug_after_a_call_was_made_or_under_doubt_leaves_the_row_in_doubt(
    doubt: Doubt, *, sent: bool, due_in: float | None
) -> None:
    assert decided(ValueError(), attempt(1, doubt, sent=sent)).due_in == due_in


@pytest.mark.parametrize("doubt", Doubt)
@pytest.mark.parametrize("error", [*UNAVAILABLE, *UNCERTAIN, *REFUSED, *HELD_BACK, ProbeFailedError, ProbeLostError])
def test_no_failure_writes_a_national_id(error: type[DeliveryError], doubt: Doubt) -> None:
    for number in NUMBERS:
        assert decided(error(WORDS), attempt(number, doubt)).national_id is None


@pytest.mark.parametrize("error", [*UNAVAILABLE, *UNCERTAIN, CircuitOpenError, ProbeFailedError, ProbeLostError])
def test_a_row_in_strong_doubt_never_becomes_one_that_is_posted_blindly(error: type[DeliveryError]) -> None:
    for number in NUMBERS:
        outcome = decided(error(WORDS), attempt(number, Doubt.STRONG))
        assert outcome.status is Status.UNCERTAIN or outcome.due_in == 0.0
