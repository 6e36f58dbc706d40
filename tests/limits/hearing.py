"""A process's door, where a test stands and listens."""

import queue
import threading

from attrs import define, field

from pharmasync.limits.ticket import Answer


@define
class Hearing:
    """What was called in, and whether all are to be asked for again."""

    heard: "queue.Queue[tuple[int, str, Answer]]" = field(factory=queue.Queue)
    asked_again: threading.Event = field(factory=threading.Event)

    def call_in(self, number: int, shop_id: str, answer: Answer) -> None:
        self.heard.put((number, shop_id, answer))

    def ask_again(self) -> None:
        self.asked_again.set()

    def called_in(self) -> tuple[int, str, Answer]:
        return self.heard.get(timeout=10)
