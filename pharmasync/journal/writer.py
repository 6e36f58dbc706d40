"""The way into the journal: entries are handed over in no time and stored by a thread."""

import contextlib
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable

from pharmasync.journal.batch import BatchStore
from pharmasync.journal.buffer import RecordBuffer
from pharmasync.journal.database import JournalDatabase
from pharmasync.journal.entries import Entry
from pharmasync.journal.record import Record, label_of, record_of

logger = logging.getLogger(__name__)


class JournalWriter:
    """Takes journal entries and stores them in MongoDB, in batches and in a thread of its own.

    With MongoDB away the entries wait, and the thread tries again, with pauses that double from `interval` up to
    `longest_pause`. When too many wait, the oldest are dropped; one line in the log says how many, once MongoDB is
    back, or at `close`.

    Thread and connection begin with the first entry. A forked child begins anew: with no entries, since its parent
    stores those, and with a thread and a connection of its own.

    Args:
        connect: Gives the journal's database, such as `pharmasync.journal.open_journal` with its arguments. Only the
            thread calls it, again if it raises, and the thread closes the database's client in the end.
        limit: How many entries wait at most.
        batch: How many entries are stored in one go at most. So many waiting are reason to store at once.
        interval: How long entries gather before they are stored, in seconds.
        longest_pause: The longest pause between two tries with MongoDB away, in seconds.
    """

    def __init__(
        self,
        connect: Callable[[], JournalDatabase],
        *,
        limit: int = 10_000,
        batch: int = 500,
        interval: float = 1.0,
        longest_pause: float = 10.0,
    ) -> None:
        self._connect = connect
        self._limit = limit
        self._batch = batch
        self._interval = interval
        self._longest_pause = longest_pause
        self._begin()
        _writers.add(self)

    def _begin(self) -> None:
        """Begin with nothing: no entries, no thread, no connection."""
        self._lock = threading.Lock()
        self._progress = threading.Condition(self._lock)
        self._wake = threading.Event()
        self._buffer = RecordBuffer(self._limit)
        self._thread: threading.Thread | None = None
        self._closed = False
        self._stopping = False
        self._away = False
        self._written = 0
        self._refused = 0
        self._overflow_told = 0

    @property
    def written(self) -> int:
        """How many entries MongoDB has."""
        return self._written

    @property
    def dropped(self) -> int:
        """How many entries MongoDB will never have: there were too many, or it cannot hold them."""
        return self._refused + self._buffer.overflowed

    @property
    def waiting(self) -> int:
        """How many entries have still to be stored."""
        with self._lock:
            return len(self._buffer)

    def write(self, entry: Entry) -> None:
        """Hand over an entry. Neither waits for MongoDB nor raises, whatever the entry holds.

        An entry that MongoDB cannot hold, or that comes after `close`, is dropped and counted.
        """
        try:
            record = record_of(entry)
        except Exception as error:  # noqa: BLE001 - what a payload does to the encoder must not reach a delivery
            # Only the error's name: its text quotes the value.
            logger.warning("Journal: dropped the %s: not to be encoded (%s)", label_of(entry), type(error).__name__)
            with self._lock:
                self._refused += 1
            return
        with self._lock:
            self._accept(record)

    def _accept(self, record: Record) -> None:
        """Put a record into the buffer and see that somebody takes it out. The lock is held."""
        if self._closed:
            self._refused += 1
            return
        self._buffer.put(record)
        if self._thread is None:
            self._start()
        if len(self._buffer) == self._batch and not self._away:
            self._wake.set()

    def _start(self) -> None:
        """Start the thread. If the system has none to give, the next entry asks again."""
        thread = threading.Thread(target=self._run, name="journal", daemon=True)
        with contextlib.suppress(RuntimeError):
            thread.start()
            self._thread = thread

    def flush(self, timeout: float) -> bool:
        """Wait until every entry so far is stored or dropped.

        Args:
            timeout: How long to wait at most, in seconds.

        Returns:
            Whether it came to that in time.
        """
        with self._lock:
            newest = self._buffer.arrived
            self._wake.set()
            return self._progress.wait_for(lambda: not self._buffer.holds_any_up_to(newest), timeout)

    def close(self, timeout: float) -> bool:
        """Store what waits and stop. Entries that come later are dropped.

        Args:
            timeout: How long to wait at most, in seconds. What is not stored by then is lost, and the log says so.

        Returns:
            Whether everything was stored in time.
        """
        deadline = time.monotonic() + timeout
        with self._lock:
            self._closed = True
        done = self.flush(timeout)
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(max(0.0, deadline - time.monotonic()))
        self._tell_overflow()
        if not done:
            logger.warning("Journal: closed with %d entries not stored", self.waiting)
        return done

    def _run(self) -> None:
        """Store what waits, again and again, until `close`. The thread's life."""
        # In this frame alone, so that a forked child, which has no such thread, has no connection either.
        store = BatchStore(self._connect)
        pause = self._interval
        while not self._stopping:
            if self._wake.wait(pause):
                pause = self._interval
            self._wake.clear()
            pause = self._interval if self._drain(store) else min(2 * pause, self._longest_pause)
        store.close()

    def _drain(self, store: BatchStore) -> bool:
        """Store batch after batch. Tells whether MongoDB took them all."""
        while not self._stopping:
            with self._lock:
                batch = self._buffer.take(self._batch)
            if not batch:
                break
            try:
                refused = store.store(batch)
            except Exception as error:  # noqa: BLE001 - the thread outlives whatever MongoDB or `connect` comes up with
                self._put_back(error)
                return False
            self._settle(len(batch), refused)
        return True

    def _put_back(self, error: Exception) -> None:
        """Keep the entries of a batch that was not stored, and say so if MongoDB was there until now."""
        with self._progress:
            self._buffer.put_back()
            self._progress.notify_all()
        if not self._away:
            self._away = True
            logger.warning("Journal: entries wait, MongoDB is away: %s: %.200s", type(error).__name__, error)

    def _settle(self, count: int, refused: int) -> None:
        """Let go of the entries of a batch that was stored, and say so if MongoDB was away until now."""
        with self._progress:
            self._buffer.settle()
            self._written += count - refused
            self._refused += refused
            self._progress.notify_all()
        if self._away:
            self._away = False
            logger.info("Journal: MongoDB is back")
        self._tell_overflow()

    def _tell_overflow(self) -> None:
        """Log how many entries were dropped since the last such line because too many waited."""
        with self._lock:
            untold = self._buffer.overflowed - self._overflow_told
            self._overflow_told = self._buffer.overflowed
        if untold:
            logger.warning("Journal: dropped the %d oldest entries, since too many waited for MongoDB", untold)


_writers: "weakref.WeakSet[JournalWriter]" = weakref.WeakSet()


def _begin_anew() -> None:
    """Give every writer of a forked child a life of its own: its parent's thread and locks mean nothing there."""
    for writer in _writers:
        writer._begin()  # noqa: SLF001 - the same module


os.register_at_fork(after_in_child=_begin_anew)
