"""Production's producer with points to die at: ``python -m tests.chaos.producer``."""

import os
from pathlib import Path

from pharmasync.schedulers import Producer
from pharmasync.schedulers import __main__ as process
from pharmasync.schedulers.opening import open_producer
from pharmasync.settings import Settings
from tests.chaos.orders import DIRECTORY, Orders
from tests.chaos.points import PointedQueues


def open_with_points(settings: Settings) -> Producer:
    """The producer as the settings say, with points around its queues."""
    producer = open_producer(settings)
    producer.queues = PointedQueues(producer.queues, Orders(Path(os.environ[DIRECTORY])).reached)
    return producer


if __name__ == "__main__":
    vars(process)["open_producer"] = open_with_points
    raise SystemExit(process.main())
