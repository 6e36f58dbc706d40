"""The producer's process: ``python -m pharmasync.schedulers``."""

import logging
import os
import signal
import sys
import threading

from apscheduler.schedulers.background import BackgroundScheduler

from pharmasync.errors import GaveWayError, ServerAwayError, StatementError
from pharmasync.exposure import warn_of_exposure
from pharmasync.schedulers.opening import open_producer
from pharmasync.schedulers.producer import Producer
from pharmasync.wiring import settings_or_exit

logger = logging.getLogger("pharmasync.schedulers")

TROUBLE = 1
STOPPING = (signal.SIGTERM, signal.SIGINT)


def main() -> int:
    """Scans at every tick until SIGTERM or SIGINT; the exit status is 1 where it cannot scan at the start."""
    logging.basicConfig(level=logging.INFO, format="[%(asctime)s] [%(process)d] [%(name)s] [%(levelname)s] %(message)s")
    # A tick that comes while a backlog is worked off is skipped, as it should be; a warning of each would fill the log.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    settings = settings_or_exit(os.environ)
    producer = open_producer(settings)
    try:
        producer.scan()
    except GaveWayError as error:  # the server is there, and so are the tables
        producer.trouble.tell(error)
    except (ServerAwayError, StatementError) as error:
        sys.stderr.write(f"pharmasync: {error}; `pharmasync check` tells more\n")
        return TROUBLE
    warn_of_exposure(settings, producer.sql)
    _tick(producer, settings.scan_seconds)
    return 0


def _tick(producer: Producer, seconds: float) -> None:
    stop = threading.Event()
    # Blocked before any thread starts, so that the wait below, and no thread in the middle of something, takes them.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    scheduler = BackgroundScheduler(timezone="UTC")
    # A late tick is still wanted (the default drops it after 1 s), and one is enough for many that were missed.
    scheduler.add_job(lambda: producer.run(stop), "interval", seconds=seconds, coalesce=True, misfire_grace_time=None)
    scheduler.start()
    logger.info("scanning every %g s", seconds)
    signal.sigwait(STOPPING)
    stop.set()
    scheduler.shutdown(wait=True)
    logger.info("stopped")


if __name__ == "__main__":
    raise SystemExit(main())
