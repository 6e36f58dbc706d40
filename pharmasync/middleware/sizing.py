"""Gives a worker that was started without flags the number of threads that waiting for a slow server wants."""

from dramatiq import Broker, Middleware, Worker

DRAMATIQS_THREADS = 8
"""What a worker has without ``--threads``.

With ``--threads 8`` it looks the same, since a worker does not know what it was told: that is taken for "not told", and
whoever wants eight sets PHARMASYNC_WORKER_THREADS.
"""


class Sizing(Middleware):
    """Sets the threads, and the messages that are fetched ahead, before a worker boots.

    Args:
        threads: Threads of a worker process.
        prefetch: Messages that it fetches ahead from each queue.
    """

    def __init__(self, threads: int, prefetch: int) -> None:
        self._threads = threads
        self._prefetch = prefetch

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Leaves a worker alone that was told to have another number of threads than Dramatiq's own."""
        if worker.worker_threads == DRAMATIQS_THREADS:
            worker.worker_threads = self._threads
            worker.queue_prefetch = self._prefetch
