"""The workers: ``dramatiq pharmasync.actors`` starts them. One actor a document type, made from the registry.

Each is reached by its name as well: ``pharmasync.actors.process_sale``.
"""

import os

import dramatiq

from pharmasync.wiring import settings_or_exit
from pharmasync.workers import DocumentActor, assemble

broker, ACTORS = assemble(settings_or_exit(os.environ))
dramatiq.set_broker(broker)


def __getattr__(name: str) -> DocumentActor:
    try:
        return ACTORS[name]
    except KeyError:
        raise AttributeError(name) from None
