"""The families of errors: what the table of decisions decides by."""

import pytest

from pharmasync import errors
from pharmasync.errors import (
    AccountMissingError,
    AlreadyStoredError,
    CircuitOpenError,
    CredentialsRefusedError,
    DeliveryError,
    DoubledLocalIdError,
    EncryptionRefusedError,
    FaultyDocumentError,
    ForeignDocumentError,
    HeldBackError,
    LeaseEndingError,
    LimitReachedError,
    LostAnswerError,
    MessageError,
    NetworkTroubleError,
    NotStoredError,
    PasswordTooLongError,
    PasswordUnreadableError,
    PharmasyncError,
    PoisonousRowError,
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

FAMILIES = (UnavailableError, UncertainError, RefusedError, HeldBackError)


ALL = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, PharmasyncError)]
DELIVERY = [error for error in ALL if issubclass(error, DeliveryError) and error is not DeliveryError]


@pytest.mark.parametrize("error", DELIVERY)
def test_every_delivery_error_belongs_to_one_family(error: type[Exception]) -> None:
    assert sum(issubclass(error, family) for family in FAMILIES) == 1


@pytest.mark.parametrize(
    ("error", "family"),
    [
        (NetworkTroubleError, UnavailableError),
        (UnreachableError, UnavailableError),
        (ProbeFailedError, UnavailableError),
        (TokenRefusedError, UnavailableError),
        (LostAnswerError, UncertainError),
        (ProbeLostError, UncertainError),
        (UnreadableAnswerError, UncertainError),
        (UnresolvedError, UncertainError),
        (AlreadyStoredError, RefusedError),
        (NotStoredError, RefusedError),
        (FaultyDocumentError, RefusedError),
        (DoubledLocalIdError, RefusedError),
        (ForeignDocumentError, RefusedError),
        (PoisonousRowError, RefusedError),
        (ShopPausedError, HeldBackError),
        (AccountMissingError, HeldBackError),
        (PasswordUnreadableError, HeldBackError),
        (LeaseEndingError, HeldBackError),
        (LimitReachedError, HeldBackError),
        (CircuitOpenError, HeldBackError),
        (CredentialsRefusedError, HeldBackError),
    ],
)
def test_an_error_stands_in_its_family(error: type[Exception], family: type[Exception]) -> None:
    assert issubclass(error, family)


@pytest.mark.parametrize(
    "error", [SettingError, ServerAwayError, EncryptionRefusedError, StatementError, MessageError, PasswordTooLongError]
)
def test_what_is_no_fault_of_a_document_is_no_delivery_error(error: type[Exception]) -> None:
    assert issubclass(error, PharmasyncError)
    assert not issubclass(error, DeliveryError)


def test_a_call_that_never_connected_is_network_trouble_that_a_login_may_repeat() -> None:
    assert issubclass(UnreachableError, NetworkTroubleError)


def test_a_probe_that_failed_is_not_network_trouble_that_may_be_repeated() -> None:
    assert not issubclass(ProbeFailedError, NetworkTroubleError)


def test_a_lost_answer_is_not_network_trouble_that_may_be_repeated() -> None:
    assert not issubclass(LostAnswerError, NetworkTroubleError)


@pytest.mark.parametrize("error", ALL)
def test_every_error_says_in_its_docstring_what_it_is(error: type[Exception]) -> None:
    assert error.__doc__


@pytest.mark.parametrize(
    ("words", "text"),
    [(Words("từ chối", "refused"), "từ chối / refused"), ("Mã phiếu trống (HTTP 400)", "Mã phiếu trống (HTTP 400)")],
)
def test_a_delivery_error_reads_as_its_words(words: Words | str, text: str) -> None:
    assert str(RefusedError(words)) == text


def test_a_delivery_error_has_no_status_unless_an_answer_caused_it() -> None:
    assert RefusedError("x").http_status is None
    assert RefusedError("x", http_status=400).http_status == 400


def test_only_an_unavailable_server_asks_to_wait() -> None:
    assert UnavailableError("x", retry_after=7.0).retry_after == 7.0
    assert TokenRefusedError("x").retry_after is None
    assert not hasattr(UncertainError("x"), "retry_after")


def test_two_errors_with_the_same_words_are_two_errors() -> None:
    assert RefusedError("x") != RefusedError("x")
    assert len({RefusedError("x"), RefusedError("x")}) == 2


def test_a_server_that_is_away_is_named() -> None:
    error = ServerAwayError("SQL Server", "connection refused")
    assert error.server == "SQL Server"
    assert str(error) == "SQL Server is away: connection refused"


def test_a_server_without_encryption_is_a_server_that_is_away() -> None:
    error = EncryptionRefusedError()
    assert isinstance(error, ServerAwayError)
    assert str(error).startswith("SQL Server is away: no encrypted connection (TLS) came about")


def test_a_statement_that_was_refused_tells_the_servers_words_and_number() -> None:
    error = StatementError("Invalid column name 'x'.", 207)
    assert error.number == 207
    assert str(error) == "SQL Server refused a statement: Invalid column name 'x'."
