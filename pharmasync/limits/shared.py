"""The limits over all workers, kept in Redis."""

import math
import uuid
from collections.abc import Sequence
from functools import cached_property

import redis
from attrs import define, field
from redis.commands.core import Script

from pharmasync.limits import script
from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.ticket import Answer, Ticket
from pharmasync.limits.usher import Usher

RATE = "{limits}:rate"
CALLS = "{limits}:calls"
LINE = "{limits}:line"
CHANNEL = "{limits}:called-in:"

AHEAD_SECONDS = 0.05
"""One trip gives out the moments of so long a time and one more; whoever gave out more would outrun other processes."""


@define
class SharedLimits:
    """Asks Redis, in one round trip for any number of callers and ended calls.

    Attributes:
        client: Redis.
        limits: What is allowed.
        longest_call: Seconds after which a call that was not given back has surely ended.
        patience: How long a caller waits; no moment beyond it is given out.
    """

    client: redis.Redis
    limits: Limits
    longest_call: float
    patience: Patience = field(factory=Patience)

    @cached_property
    def process(self) -> str:
        """The name of this process; made when it is first needed, since Dramatiq forks."""
        return uuid.uuid4().hex

    @cached_property
    def usher(self) -> Usher:
        """Who hears when those who stand in line are called in."""
        return Usher(self.client, CHANNEL + self.process)

    @cached_property
    def _admit(self) -> Script:
        return self.client.register_script(script.ADMIT)

    def ask(self, callers: Sequence[Ticket], ended: Sequence[Ticket], now: float) -> list[Answer]:
        """Gives the slots of ``ended`` back and asks for ``callers``, in their order; the rest need not be answered.

        Whom a cap refuses stands in line from now on, and is called in by the ``usher``.

        Raises:
            redis.RedisError: Redis is away.
        """
        if self.limits.capped:
            self.usher.listen()
        time, *answers = self._admit(keys=[RATE, CALLS, LINE], args=self._arguments(callers, ended, now))
        return [script.as_answer(answer if answer < 0 else answer - time) for answer in answers]

    @cached_property
    def _may_be_silent(self) -> bool:
        """Whether Redis lets this process do without answers; its account, or what stands before it, may not."""
        try:
            self.client.execute_command("CLIENT REPLY", "ON")  # type: ignore[no-untyped-call]
        except redis.ResponseError:
            return False
        return True

    def give_back(self, ended: Sequence[Ticket]) -> None:
        """Tells Redis what ended, and waits for no answer; to be told again by whoever asks next, since it may be lost.

        Raises:
            redis.RedisError: Redis is away.
        """
        if not self._may_be_silent:
            self.ask([], ended, 0.0)
            return
        # Not by the script's hash: nobody would see that Redis does not know it.
        words: list[object] = ["EVAL", script.ADMIT, 3, RATE, CALLS, LINE, *self._arguments([], ended, 0.0)]
        pool = self.client.connection_pool
        connection = pool.get_connection()
        try:
            packed = connection.pack_commands([("CLIENT", "REPLY", "SKIP"), words])  # type: ignore[no-untyped-call]
            connection.send_packed_command(packed)  # type: ignore[no-untyped-call]
        finally:
            pool.release(connection)

    def _arguments(self, callers: Sequence[Ticket], ended: Sequence[Ticket], now: float) -> list[int | str]:
        return [
            _microseconds(self.limits.spacing),
            self.limits.max_calls or 0,
            self.limits.max_calls_per_shop or 0,
            _microseconds(self.longest_call),
            _microseconds(self.patience.overall),
            _microseconds(AHEAD_SECONDS),
            CHANNEL,
            len(ended),
            *map(self._holder, ended),
            *map(self._holder, callers),
            *(_microseconds(now - caller.since) for caller in callers),
        ]

    def _holder(self, ticket: Ticket) -> str:
        return f"{self.process}:{ticket.number}:{ticket.shop_id}"


def _microseconds(seconds: float) -> int:
    return math.ceil(seconds * 1e6)
