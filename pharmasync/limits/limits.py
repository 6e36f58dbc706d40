"""What the operator allows, and how long a caller waits for it."""

from attrs import frozen


@frozen(kw_only=True)
class Limits:
    """The limits over all workers; None is no limit.

    Attributes:
        max_rps: Calls a second; may be a fraction.
        max_calls: Calls under way at once.
        max_calls_per_shop: Calls of one shop under way at once.
    """

    max_rps: float | None = None
    max_calls: int | None = None
    max_calls_per_shop: int | None = None

    @property
    def any_set(self) -> bool:
        """Whether there is anything to keep."""
        return self.max_rps is not None or self.capped

    @property
    def capped(self) -> bool:
        """Whether calls under way are counted, so that one that ended has a slot to give back."""
        return self.max_calls is not None or self.max_calls_per_shop is not None

    @property
    def spacing(self) -> float:
        """Seconds from one call to the next; 0 where their rate is not limited.

        Calls are spaced evenly, and no burst is allowed: no second holds more than it should.
        """
        return 0.0 if self.max_rps is None else 1.0 / self.max_rps


@frozen(kw_only=True)
class Patience:
    """How long a caller waits before its row goes back, in seconds.

    Attributes:
        shop: For a shop that has all its calls under way: short, since other shops want the thread.
        overall: In all.
    """

    shop: float = 2.0
    overall: float = 10.0
