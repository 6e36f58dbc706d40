"""What one practice server holds in memory: its settings, accounts, tokens, documents and counts."""

import asyncio
from random import Random

from attrs import Factory, asdict, define, field

from pharmasync.sandbox.national.accounts import Accounts
from pharmasync.sandbox.national.faults import Faults
from pharmasync.sandbox.national.kinds import KINDS
from pharmasync.sandbox.national.rate_limit import RateLimit
from pharmasync.sandbox.national.store import Store
from pharmasync.sandbox.national.switches import Switches
from pharmasync.sandbox.national.tally import Tally
from pharmasync.sandbox.national.tokens import Tokens


def _dice(practice: "Practice") -> Random:
    return Random(practice.seed)  # noqa: S311  # chooses faults, which have to come again with the same seed


@define
class Practice:
    """Everything the handlers share; all of it but the store belongs to the thread of the event loop.

    ``switches`` and ``faults`` are replaced as a whole, from any thread; a handler reads them once a call.

    Attributes:
        accounts: Who may log in.
        switches: How the server behaves.
        faults: What goes wrong.
        seed: What the faults are drawn from.
    """

    accounts: Accounts
    switches: Switches
    faults: Faults
    seed: int
    dice: Random = Factory(_dice, takes_self=True)
    tokens: Tokens = Factory(Tokens)
    limit: RateLimit = Factory(RateLimit)
    store: Store = Factory(Store)
    tally: Tally = Factory(Tally)
    _at_start: tuple[Switches, Faults] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._at_start = (self.switches, self.faults)

    def reset(self) -> None:
        """Go back to how the server was started: no documents, no counts, no tokens, first switches and faults."""
        self.switches, self.faults = self._at_start
        self.dice.seed(self.seed)
        self.accounts.clear()
        self.tokens.clear()
        self.store.clear()
        self.tally.clear()
        self.limit = RateLimit()

    async def hold_back(self) -> None:
        """Wait as long as the switches say every answer takes."""
        switches = self.switches
        delay = switches.delay_ms
        if switches.jitter_ms:
            delay += self.dice.uniform(0, switches.jitter_ms)
        if delay:
            await asyncio.sleep(delay / 1000)

    def snapshot(self) -> dict[str, object]:
        """Return all counts and settings, ready for JSON."""
        return {
            "kinds": {name: {**self.tally.kinds[name].snapshot(), **self.store.counts(name)} for name in KINDS},
            "faults_played": dict(self.tally.faults),
            "latest_refusals": [asdict(refusal) for refusal in self.tally.refusals],
            "logins": self.accounts.snapshot(),
            "locked_accounts": self.accounts.locked(),
            "tokens": self.tokens.count(self.switches.token_lifetime),
            "switches": asdict(self.switches),
            "faults": asdict(self.faults),
        }
