"""The leases of the rows that this process is sending: kept up while it lives, and gone soon after it died.

A lease is short, so that a killed worker's rows are taken up again within seconds; a send may take longer, so that one
statement for the whole process renews all its leases every few seconds. Whoever could not renew must stop in time:
after its lease a row is somebody else's.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from attrs import define, field

from pharmasync.errors import GaveWayError, ServerAwayError, StatementError
from pharmasync.late_thread import LateThread
from pharmasync.row import BegunRow

RENEWALS_A_LEASE = 4
"""How often a lease is renewed before it would end."""

SOUND_SHARE = 0.6
"""The share of a lease that must be left for a call that may store the document: if it cannot be renewed, the call was
made long before another worker looks whether the document is there."""

STOP_SECONDS = 1.0
"""A call is cut so long before its row's lease ends."""

LONGEST_SECONDS = 1800.0
"""A row that was in hand for so long is left to its lease: nothing that a delivery does takes half as long."""

logger = logging.getLogger(__name__)

Renew = Callable[[Sequence[BegunRow]], Sequence[bool]]
"""Renews the leases of these rows, in one round trip, and tells which are still this process's."""


@define(eq=False)
class Lease:
    """A row's lease.

    Attributes:
        row: The row.
        seconds: How long it is after a renewal.
        until: When it ends, on the monotonic clock; rather too early than too late.
        since: When the row was begun.
        let_go: Ends the keeping up: its outcome is written, or it is left to its end.
    """

    row: BegunRow
    seconds: float
    until: float
    since: float
    let_go: Callable[[], None]

    @property
    def is_sound(self) -> bool:
        """Whether enough is left of it for a call that may store the document."""
        return time.monotonic() <= self.write_by()

    def write_by(self) -> float:
        """The moment by which a call that may store the document must be written."""
        return self.until - self.seconds * SOUND_SHARE

    def stop_by(self) -> float:
        """The moment by which a call must have ended."""
        return self.until - min(STOP_SECONDS, self.seconds / 10)


@define(eq=False)
class Leases:
    """The leases of this process.

    Attributes:
        renew: Renews them.
        seconds: How long a lease is.
    """

    renew: Renew
    seconds: float
    _kept: dict[Lease, None] = field(factory=dict, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _some: threading.Event = field(factory=threading.Event, init=False)
    _keeper: LateThread = field(init=False)

    @_keeper.default
    def _renews(self) -> LateThread:
        return LateThread(self._go_on, "leases")

    def keep(self, row: BegunRow, since: float) -> Lease:
        """Keeps up the lease of a row whose begin was asked for at ``since``, until it is let go of."""
        self._keeper.start()
        lease = Lease(row, self.seconds, since + self.seconds, since, lambda: self._let_go(lease))
        with self._lock:
            self._kept[lease] = None
            self._some.set()
        return lease

    def renew_all(self) -> None:
        """Renews those that are due for it; one that cannot be renewed ends where it was to end."""
        now = time.monotonic()
        with self._lock:
            leases = [lease for lease in self._kept if now - lease.since < LONGEST_SECONDS]
        young = self.seconds * (1 - 1 / RENEWALS_A_LEASE)
        leases = [lease for lease in leases if lease.until - now < young]
        if leases:
            self._renew(leases)

    def _renew(self, leases: Sequence[Lease]) -> None:
        asked = time.monotonic()
        try:
            renewed = self.renew([lease.row for lease in leases])
        except (ServerAwayError, StatementError) as error:
            if isinstance(error, GaveWayError) and len(leases) > 1:
                self._renew_one_by_one(leases)
            else:
                logger.warning("%d leases cannot be renewed now: %s", len(leases), error)
            return
        for lease, is_ours in zip(leases, renewed, strict=True):
            if is_ours:
                lease.until = asked + self.seconds

    def _renew_one_by_one(self, leases: Sequence[Lease]) -> None:
        """Somebody else's lock on one row must not cost the others their leases.

        It is waited for each time: what could not be renewed before, and so ends soonest, comes last.
        """
        for lease in sorted(leases, key=lambda lease: lease.until, reverse=True):
            self._renew([lease])

    def _let_go(self, lease: Lease) -> None:
        with self._lock:
            self._kept.pop(lease, None)

    def _go_on(self) -> None:
        while True:
            self._some.wait()
            with self._lock:
                if not self._kept:
                    self._some.clear()
            self.renew_all()
            time.sleep(self.seconds / RENEWALS_A_LEASE / 2)
