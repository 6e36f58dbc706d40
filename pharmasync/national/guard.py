"""Who lets a call through and looks what becomes of it, as long as the national server is there."""

from collections.abc import Callable
from typing import Protocol

from pharmasync.national.http import Request, Response, Until


class Guard(Protocol):
    """Lets calls through while the national server is there, and looks what becomes of them."""

    def carry(self, request: Request, call: Callable[[], Response], until: Until | None = None) -> Response:
        """Makes the call.

        Args:
            request: What is asked for.
            call: Makes the call; may wait for the limits before.
            until: The moment after which the call is cut by us.

        Raises:
            CircuitOpenError: Nobody may call now; or it was the probe, it found the server down, and wrote nothing.
            ProbeFailedError, ProbeLostError: It was the probe, it found the server down, and may have been written.
            DeliveryError: As ``call`` does.
        """


class NoGuard:
    """Everybody passes, and nobody looks."""

    def carry(self, request: Request, call: Callable[[], Response], until: Until | None = None) -> Response:  # noqa: ARG002 - nobody looks
        """Makes the call."""
        return call()
