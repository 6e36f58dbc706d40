"""A host whose clock is ahead: what its processes are told in their environment."""

from pathlib import Path

AHEAD = "CHAOS_CLOCK_AHEAD"
DIRECTORY = Path(__file__).parent / "host_clock"


def clock_ahead(seconds: float) -> dict[str, str]:
    """The variables that move a process's clock; none for a clock that is right."""
    return {AHEAD: str(seconds), "PYTHONPATH": str(DIRECTORY)} if seconds else {}
