"""How fast rows may be claimed after the circuit closed: few at first, and ever more."""

from attrs import frozen


@frozen(kw_only=True)
class Ramp:
    """The rows a second that all producers together may claim.

    Attributes:
        quiet: Seconds without any row, in which every process hears that the circuit is closed.
        first: Rows in each second after that.
        doubling: Seconds after which these are twice as many.
        seconds: After so many there is no limit any more.
    """

    quiet: int = 2
    first: int = 4
    doubling: float = 8.0
    seconds: float = 60.0

    def rate(self, since: float) -> int | None:
        """Rows a second, so many seconds after the circuit closed; None for no limit."""
        if since >= self.seconds:
            return None
        if since < self.quiet:
            return 0
        return self.first << int((since - self.quiet) / self.doubling)
