"""pybreaker's state machine, told afterwards what came of a call instead of making it."""

from contextlib import suppress

import pybreaker
from attrs import define, field

NEVER = 100 * 365 * 86_400.0
"""A circuit is half-opened by a probe's result, and never by pybreaker's own clock."""


class ServerIsDownError(Exception):
    """What pybreaker counts."""


@define(eq=False)
class Breaker:
    """A circuit breaker.

    Every method raises what its storage raises.

    Attributes:
        storage: Where the state is.
        failures: Opens after so many failures in a row.
    """

    storage: pybreaker.CircuitBreakerStorage
    failures: int
    _breaker: pybreaker.CircuitBreaker | None = field(default=None, init=False)

    def fail(self) -> None:
        """A call found the server down; says nothing new while the circuit is open."""
        with suppress(ServerIsDownError, pybreaker.CircuitBreakerError):
            self._made().call(_raise)

    def succeed(self) -> None:
        """A call was answered; does not close an open circuit: it may have been under way since before."""
        with suppress(pybreaker.CircuitBreakerError):
            self._made().call(_return)

    def close_or_stay_open(self, *, up: bool) -> None:
        """The probe came back."""
        self._made().half_open()
        if up:
            self.succeed()
        else:
            self.fail()

    def _made(self) -> pybreaker.CircuitBreaker:
        """Made when it is first needed, since that reads the storage."""
        if self._breaker is None:
            self._breaker = pybreaker.CircuitBreaker(
                fail_max=self.failures, reset_timeout=NEVER, state_storage=self.storage
            )
        return self._breaker


def _raise() -> None:
    raise ServerIsDownError


def _return() -> None:
    return
