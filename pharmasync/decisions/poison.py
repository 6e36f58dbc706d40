"""Poison: a row whose attempts end without any outcome, because sending it kills the worker, or something else does.

Whoever takes up a row whose attempt ended like that puts a mark behind its words. Every outcome writes words of its own
over them, so that the marks count the attempts since the last one. The count of attempts tells nothing here: a row that
was delivered has no words, and none that somebody set back by hand.
"""

from pharmasync.words import Words

WORDS = Words("lần gửi không có kết quả", "an attempt without any outcome")
MARK = f" [{WORDS}]"


def silent_attempts(message: str | None) -> int:
    """How many attempts in a row ended without an outcome, by the marks in the row's ``sync_response_message``.

    A mark is known by its English words: a VARCHAR has no room for the letters of the others.
    """
    words = (message or "").rstrip()
    marks = 0
    while words.endswith(f" / {WORDS.en}]"):
        words = words.rpartition("[")[0].rstrip()
        marks += 1
    return marks


def is_poison(silent: int, most: int) -> bool:
    """Whether a row is not to be tried again, after so many attempts without an outcome."""
    return silent >= most


def words_about(silent: int) -> Words:
    """Why such a row is failed."""
    return Words(
        f"đã {silent} lần gửi mà không có kết quả nào, có thể làm hỏng chương trình gửi; có thể đã được lưu",
        f"begun {silent} times without any outcome, it may bring its worker down; it may be stored",
    )
