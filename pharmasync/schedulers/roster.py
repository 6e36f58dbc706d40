"""The roster: a document type's shops as a look found them, what waits of each, and whose turn it is.

To find a thousand shops costs as much as to claim for half of them. So what a look found serves the next batches as
well, until every shop had its turn, and for a second at most: a shop whose rows came since waits no longer than that.
No claim goes wrong by it, since it takes only what is due then, and nothing of a shop that was paused meanwhile.
"""

import time
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from random import Random

from attrs import define, field

from pharmasync.decisions.sharing import Lane, shares, split
from pharmasync.sqlserver.claim import Share
from pharmasync.sqlserver.codes import same_code
from pharmasync.sqlserver.look import Waiting

BELIEVED_SECONDS = 1.0

ROWS_A_TURN = 2
"""What a shop sends at its turn where many wait: its rows lie side by side in the index, other shops' elsewhere."""


@define
class Roster:
    """A document type's shops.

    Attributes:
        dice: Decides which shop is the first, and which lane gets an odd row.
        clock: Now, in seconds, monotonic.
    """

    dice: Random
    clock: Callable[[], float] = time.monotonic
    _work: dict[str, Waiting] = field(factory=dict, init=False)
    _without_turn: set[str] = field(factory=set, init=False)
    _until: float = field(default=0.0, init=False)
    _behind: str | None = field(default=None, init=False)

    @property
    def is_current(self) -> bool:
        """Whether some of its shops had no turn since the look, and it is not too old."""
        return bool(self._without_turn) and self.clock() < self._until

    def renew(self, work: Mapping[str, Waiting]) -> None:
        """A look found these shops, in the order of their codes, and so many rows of each."""
        self._work = {shop: dict(waiting) for shop, waiting in work.items()}
        self._without_turn = set(work)
        self._until = self.clock() + BELIEVED_SECONDS

    def next_shares(self, room: int, at_once: int = ROWS_A_TURN) -> list[Share]:
        """The next shares, at most ``room`` rows in all: every shop's the same, divided between its lanes.

        Where they do not come out even, or there is no room for ``at_once`` rows of every shop, it goes on behind the
        shop that was the last to get more. Chance decides which lane gets an odd row, and where the first turn of all
        begins, so that of many producers that each scan once none begins where all the others did.
        """
        shops = list(self._work)
        given = shares(shops, room, self._start(shops), at_once)
        self._go_on(given, len(shops))
        return [
            Share(shop, lane, rows)
            for shop, count in given.items()
            for lane, rows in split(count, self._work[shop], self.dice.choice(list(Lane))).items()
        ]

    def took(self, share: Share, rows: int) -> None:
        """A claim took so many rows; where it took fewer than it might, no more are left."""
        waiting = self._work[share.shop]
        waiting[share.lane] = waiting[share.lane] - rows if rows == share.count else 0
        if not any(waiting.values()):
            del self._work[share.shop]
            self._without_turn.discard(share.shop)

    def _start(self, shops: Sequence[str]) -> int:
        if self._behind is None:
            return self.dice.randrange(len(shops)) if shops else 0
        return bisect_right(shops, self._behind, key=same_code)

    def _go_on(self, given: Mapping[str, int], shops: int) -> None:
        self._without_turn.difference_update(given)
        most = max(given.values(), default=0)
        ahead = [shop for shop, count in given.items() if count == most]
        if 0 < len(ahead) < shops:
            self._behind = same_code(ahead[-1])
