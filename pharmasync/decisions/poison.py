"""Poison: a row whose attempts end without any outcome, because sending it kills the worker, or something else does."""

from pharmasync.words import Words


def silent_attempts(attempt: int, message: str | None) -> int:
    """How many attempts before this one ended without an outcome, of a row that never had one.

    Every outcome but a plain success leaves words with the row, so that a row without words never had any.

    Args:
        attempt: Which attempt this is, from 1.
        message: The row's ``sync_response_message``.
    """
    return 0 if message else attempt - 1


def is_poison(silent: int, most: int) -> bool:
    """Whether a row is not to be tried again, after so many attempts without an outcome."""
    return silent >= most


def words_about(silent: int) -> Words:
    """Why such a row is failed."""
    return Words(
        f"đã {silent} lần gửi mà không có kết quả nào, có thể làm hỏng chương trình gửi; có thể đã được lưu",
        f"begun {silent} times without any outcome, it may bring its worker down; it may be stored",
    )
