"""The circuit's guard: every call to the national API passes it, documents and logins alike, before the limits."""

import time
from collections.abc import Callable

from attrs import field, frozen

from pharmasync.circuit.known import KnownCircuit
from pharmasync.circuit.probe import row_in_hand
from pharmasync.circuit.sign import Sign, sign_of_answer, sign_of_error
from pharmasync.closing import ClosingTime
from pharmasync.errors import (
    CircuitOpenError,
    DeliveryError,
    ProbeFailedError,
    ProbeLostError,
    UncertainError,
)
from pharmasync.national.http import Request, Response, Until
from pharmasync.words import Words

PAUSING = Words(
    "máy chủ quốc gia không trả lời, tạm dừng gửi; sẽ tự gửi khi có lại",
    "the national server does not answer: sending pauses, and goes on by itself once it does",
)


@frozen
class CircuitGuard:
    """The guard of a circuit.

    Attributes:
        circuit: The circuit.
        closing: When the process stops: what it cuts off then says nothing about the server.
        row: Names the row that this thread sends.
    """

    circuit: KnownCircuit
    closing: ClosingTime = field(factory=ClosingTime)
    row: Callable[[], str | None] = row_in_hand

    def carry(self, request: Request, call: Callable[[], Response], until: Until | None = None) -> Response:
        """See :class:`~pharmasync.national.guard.Guard`."""
        is_probe = self._is_probe()
        try:
            response = call()
        except DeliveryError as error:
            sign = sign_of_error(error, cut_by_us=self._is_over(until))
            self._tell(sign, is_probe=is_probe)
            if is_probe and sign is Sign.DOWN:
                raise _lost(error) if isinstance(error, UncertainError) else CircuitOpenError(PAUSING) from error
            raise
        sign = sign_of_answer(request, response)
        self._tell(sign, is_probe=is_probe)
        if is_probe and sign is Sign.DOWN:
            raise _still_down(response) if request.writes else CircuitOpenError(PAUSING)
        return response

    def _is_over(self, until: Until | None) -> bool:
        """Whether no call may go on by now."""
        now = time.monotonic()
        return now >= self.closing.moment or (until is not None and now >= until())

    def _is_probe(self) -> bool:
        if not self.circuit.state().is_open:
            return False
        if self.circuit.take_probe(self.row()):
            return True
        raise CircuitOpenError(PAUSING)

    def _tell(self, sign: Sign, *, is_probe: bool) -> None:
        if sign is Sign.NOTHING:
            return
        if is_probe:
            self.circuit.close_or_stay_open(up=sign is Sign.UP)
        elif sign is Sign.UP:
            self.circuit.succeed()
        else:
            self.circuit.fail()


def _lost(error: UncertainError) -> ProbeLostError:
    return ProbeLostError(error.words)


def _still_down(response: Response) -> ProbeFailedError:
    status = response.status
    return ProbeFailedError(
        Words(f"máy chủ quốc gia trả lời HTTP {status}", f"the national server answered HTTP {status}"),
        http_status=status,
        retry_after=response.retry_after,
    )
