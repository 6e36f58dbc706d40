"""A line of ``pharmasync check``: what was looked at and what was found, and how trouble becomes one."""

from collections.abc import Callable, Iterable, Iterator

import redis
from attrs import frozen
from pymongo.errors import PyMongoError

from pharmasync.errors import PharmasyncError

LONGEST = 300

SPEAK_FOR_THEMSELVES = (PharmasyncError, redis.RedisError, PyMongoError)


@frozen
class Finding:
    """One line of the check: what was looked at, whether it is fine, and what was found."""

    what: str
    fine: bool
    found: str = "ok"


def attempt(what: str, action: Callable[[], object]) -> Finding:
    """Whether ``action`` goes well."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - whatever it is belongs on this line, and the other lines still come
        return trouble(what, error)
    return Finding(what, fine=True)


def told(what: str, ask: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """The lines that ``ask`` gives; where it breaks off, a line about ``what`` says why."""
    try:
        yield from ask()
    except Exception as error:  # noqa: BLE001 - as above
        yield trouble(what, error)


def trouble(what: str, error: Exception) -> Finding:
    """The line about an error, in its own words."""
    words = " ".join(str(error).split())
    if not isinstance(error, SPEAK_FOR_THEMSELVES):
        words = f"{type(error).__name__}: {words}"
    return Finding(what, fine=False, found=words[:LONGEST])
