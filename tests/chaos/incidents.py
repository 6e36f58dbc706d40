"""When something was broken, which rows it touched, and how long the last of them took to come to rest."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from tests.chaos.ledger import RowKey


@frozen
class Incident:
    """One thing that was broken.

    Attributes:
        over: When it was mended, or simply happened, UTC.
        touched: The rows that were on their way before or after it.
    """

    over: datetime
    touched: Collection[RowKey]


def slowest_seconds(incidents: Sequence[Incident], settled: Mapping[RowKey, datetime]) -> float:
    """From the end of an incident until the last row that it touched was final; 0 where all were so before its end."""
    return max(
        (
            max(0.0, (settled[row] - incident.over).total_seconds())
            for incident in incidents
            for row in incident.touched
            if row in settled
        ),
        default=0.0,
    )
