"""Takes each message in hand before it is processed, and lets go of it afterwards."""

from typing import Any

from dramatiq import Broker, Middleware
from dramatiq.broker import MessageProxy

from pharmasync.in_hand import let_go, take
from pharmasync.queues import claimed_as


class HoldInHand(Middleware):
    """Takes a message in hand before it is processed and lets go of it afterwards; stands first in the list."""

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        """Takes it in hand."""
        take(message.message_id, message.queue_name, claimed_as(message.options))

    def after_process_message(self, broker: Broker, message: MessageProxy, **_: Any) -> None:
        """Lets go of it."""
        let_go()
