"""How many rows a second the producer claims and enqueues, in a process of its own; the workers stand still.

Its queues are emptied between two scans, outside the clock, as quick workers would.
"""

import json
import os
import sys
import time

import redis

from pharmasync.schedulers.opening import open_producer
from pharmasync.wiring import settings_or_exit


def main() -> None:
    """Scans until no row is left and prints rows, seconds and processor seconds; the first scan is the warm-up."""
    settings = settings_or_exit(os.environ)
    producer = open_producer(settings)
    client = redis.Redis.from_url(settings.redis_url)
    producer.scan()
    rows, seconds, cpu = 0, 0.0, 0.0
    while True:
        client.flushdb()
        began, began_cpu = time.perf_counter(), time.process_time()
        found = sum(producer.scan().enqueued.values())
        if not found:
            break
        rows += found
        seconds += time.perf_counter() - began
        cpu += time.process_time() - began_cpu
    sys.stdout.write(json.dumps({"rows": rows, "seconds": seconds, "cpu_seconds": cpu}))


if __name__ == "__main__":
    main()
