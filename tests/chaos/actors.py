"""Production's workers with points to die at: ``dramatiq tests.chaos.actors``."""

import os
from pathlib import Path

import dramatiq

from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.wiring import delivery_desk, settings_or_exit
from pharmasync.workers import declare, open_broker
from tests.chaos.orders import DIRECTORY, Orders
from tests.chaos.points import desk_with_points

settings = settings_or_exit(os.environ)
desk = desk_with_points(delivery_desk(settings), Orders(Path(os.environ[DIRECTORY])).reached)
broker = open_broker(settings, desk)
dramatiq.set_broker(broker)
ACTORS = {kind.actor: declare(kind, rank, desk, broker) for rank, kind in enumerate(DOCUMENT_TYPES)}
