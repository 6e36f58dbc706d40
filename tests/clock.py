"""A clock that stands still."""

from attrs import define


@define
class Clock:
    """The time in seconds, moved by the test."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now
