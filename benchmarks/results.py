"""What all runs together gave."""

from attrs import define, field

from benchmarks.flatness import Flatness
from benchmarks.footprint import ProducerRate
from benchmarks.groups import Groups
from benchmarks.idle import Idle
from benchmarks.throughput import Run


@define
class Results:
    """The results, run by run: the entries at one place of two lists are of the same run.

    Attributes:
        throughput: The runs of each subject by its name.
        idle: What was seen of an idle system.
        producer: The producer alone.
        imports: Seconds of an import.
        groups: One worker group and two.
        flatness: Few rows beside many; once, whatever the number of runs.
    """

    throughput: dict[str, list[Run]] = field(factory=dict)
    idle: list[Idle] = field(factory=list)
    producer: list[ProducerRate] = field(factory=list)
    imports: list[float] = field(factory=list)
    groups: list[Groups] = field(factory=list)
    flatness: list[Flatness] = field(factory=list)

    def of(self, subject: str) -> list[Run]:
        """A subject's runs; none where it was left out."""
        return self.throughput.get(subject, [])
