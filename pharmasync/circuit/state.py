"""The state of the circuit, as a process reads it."""

from datetime import datetime

from attrs import frozen


@frozen(kw_only=True)
class State:
    """The state at one moment.

    Attributes:
        is_open: Whether nobody calls, but for the probes.
        failures: How many calls in a row found the server down.
        opened_at: Since when it is open, UTC.
        probed_at: When the last probe was sent, UTC.
        closed_for: Seconds since it closed; None where the ramp is over.
    """

    is_open: bool = False
    failures: int = 0
    opened_at: datetime | None = None
    probed_at: datetime | None = None
    closed_for: float | None = None


CLOSED = State()
