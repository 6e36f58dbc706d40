"""A row of the matrix: what is broken, how often, and in which surroundings."""

from collections.abc import Callable, Mapping
from random import Random
from typing import TYPE_CHECKING

from attrs import field, frozen

from tests.chaos.crew import Hosts

if TYPE_CHECKING:
    from tests.chaos.world import World

Strike = Callable[["World", Random], None]
"""Breaks something, and returns when it is mended, or lets itself mend.

Raises:
    StrikeMissedError: There was nothing to break.
"""


ONE_HOST = Hosts()


class StrikeMissedError(Exception):
    """What was to be broken was not there in time."""


def nothing(world: "World", dice: Random) -> None:
    """The strike of a row whose trouble is in its surroundings from its beginning to its end."""


@frozen(kw_only=True)
class Row:
    """A row.

    Attributes:
        name: What ``--row`` takes.
        breaks: What is broken, for the table.
        strike: Breaks it, once.
        strikes: How often; so many portions the documents come in, one before each strike.
        documents: How many.
        hosts: Which processes run.
        switches: How the national API behaves, where that is not as usual.
        faults: What goes wrong at the national API from the first document to the last, and how often.
        settings: More settings of the processes.
        deadlocks: How many of SQL Server's statements are deadlock victims, from 0 to 1.
        patience: Seconds that everything may take to come to rest.
    """

    name: str
    breaks: str
    strike: Strike = nothing
    strikes: int = 1
    documents: int = 520
    hosts: Hosts = ONE_HOST
    switches: Mapping[str, object] = field(factory=dict)
    faults: Mapping[str, float] = field(factory=dict)
    settings: Mapping[str, str] = field(factory=dict)
    deadlocks: float = 0.0
    patience: float = 90.0
