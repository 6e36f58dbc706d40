"""What the producer and the commands ask of a broker, whichever server it is."""

from collections.abc import Sequence
from typing import ClassVar

from dramatiq import Broker

from pharmasync.queues.message import RowMessage


class RowBroker(Broker):
    """A broker of Dramatiq's that also answers how many messages wait, and takes those of many rows at once.

    Attributes:
        server: The server's name, for people.
    """

    server: ClassVar[str]

    def ping(self) -> None:
        """Asks the server whether it is there.

        Raises:
            ServerAwayError: It is not.
        """
        raise NotImplementedError

    def waiting(self, queue: str) -> int:
        """How many messages wait in a queue, without those that workers hold.

        Raises:
            ServerAwayError: The server is away.
        """
        raise NotImplementedError

    def enqueue_rows(self, rows: Sequence[RowMessage]) -> list[int]:
        """Enqueues messages and returns the places, from 0, of those that may not be in their queue.

        A message that is there although it was returned does no harm: its row was handed back, and it begins nothing.
        """
        raise NotImplementedError
