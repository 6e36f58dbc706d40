"""Deadlocks on purpose: a share of the statements is refused as SQL Server refuses a deadlock's victim."""

from collections.abc import Callable
from random import Random

from attrs import define, field

from pharmasync.sandbox.sqlserver.errors import SQLServerError

NUMBER = 1205
WORDS = (
    "Transaction (Process ID 52) was deadlocked on lock resources with another process and has been chosen as the"
    " deadlock victim. Rerun the transaction."
)


@define
class Deadlocks:
    """Chooses victims. Used by one thread at a time, which the server sees to.

    Attributes:
        share: How many of the statements on data become victims, from 0 to 1.
        seed: What they are drawn from.
        tell: Called at each with how many there were.
        victims: How many there were.
        dice: Made from the seed.
    """

    share: float = 0.0
    seed: int = 0
    tell: Callable[[int], None] = lambda _: None
    victims: int = field(default=0, init=False)
    dice: Random = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.dice = Random(self.seed)  # noqa: S311 - the same victims for the same seed

    def meet(self) -> None:
        """Called before each statement on data; what came before it in its batch is done and stays done.

        Raises:
            SQLServerError: The statement is a victim, and its batch ends there.
        """
        if self.share and self.dice.random() < self.share:
            self.victims += 1
            self.tell(self.victims)
            raise SQLServerError(NUMBER, WORDS)
