"""What happened to each row so far: every change passes here, together with who made it, and is judged."""

from collections import Counter

from attrs import define, field, frozen

from pharmasync.decisions.status import Status
from pharmasync.sqlserver.connection import SqlServer
from tests.properties import laws
from tests.properties.delivering import Delivery
from tests.properties.laws import Who
from tests.properties.rows import Key, Rows, RowState, look_at


@frozen
class Begun:
    """An attempt at a row: whose it is, and the move in which it began."""

    delivery: Delivery
    move: int


@define
class Ledger:
    """The rows after the last move, and the attempts that count for each of them.

    Attributes:
        sql: Where the rows are.
        rows: The rows.
        move: How many moves there were.
        seen: How often each change of a state was seen, and each outcome.
    """

    sql: SqlServer
    rows: Rows = field(factory=dict, init=False)
    move: int = field(default=0, init=False)
    seen: Counter[str] = field(factory=Counter, init=False)
    _attempts: dict[Key, list[Begun]] = field(factory=dict, init=False)

    def observe(self, who: Who, delivery: Delivery | None = None) -> list[Key]:
        """Judges what a move changed, and returns which rows it changed."""
        before, self.rows = self.rows, look_at(self.sql)
        self.move += 1
        laws.no_row_vanishes(before, self.rows)
        changed = [key for key, row in before.items() if row != self.rows[key]]
        for key in changed:
            self._judge(key, before[key], who, delivery)
        for row in self.rows.values():
            laws.an_open_row_has_a_time(row)
        return changed

    def _judge(self, key: Key, before: RowState, who: Who, delivery: Delivery | None) -> None:
        after = self.rows[key]
        outcome = None if delivery is None or delivery.held is None else delivery.held.outcome
        handed_back = outcome is not None and not outcome.counted
        self.seen[laws.named(who, before.status, after.status)] += 1
        laws.the_move_is_allowed(who, before, after)
        laws.attempts_are_counted(who, before, after, handed_back=handed_back)
        attempts = self._attempts.setdefault(key, [])
        if who is Who.BEGIN and delivery is not None:
            self._judge_begin(attempts, before, delivery)
            attempts.append(Begun(delivery, self.move))
        elif who is Who.OUTCOME:
            assert outcome is not None
            self.seen[outcome.name] += 1
            assert outcome.name != "bug", outcome.message
            assert attempts[-1].delivery is delivery, "an attempt wrote over a later one"
            if handed_back:
                attempts.pop()

    def _judge_begin(self, attempts: list[Begun], before: RowState, delivery: Delivery) -> None:
        """A message from before an attempt never begins the next one: it would end the attempt's pause."""
        claimed_at = delivery.message.claimed_at
        if claimed_at is None:
            assert before.status is Status.QUEUED, "a message made by hand began a row that nobody had claimed"
        elif attempts:
            assert attempts[-1].move < claimed_at, "an old message ended a pause"
