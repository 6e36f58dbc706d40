"""The state of the circuit, for the commands that show it."""

from datetime import datetime

import redis

from pharmasync.circuit import State
from pharmasync.settings import Settings
from pharmasync.wiring import shared_circuit


def state_of(settings: Settings) -> State | None:
    """The circuit of all processes; None while Redis is away."""
    circuit = shared_circuit(settings)
    try:
        return circuit.read()
    except redis.RedisError:
        return None
    finally:
        circuit.client.close()


UNKNOWN = "unknown, since Redis is away: each process has a circuit of its own"


def as_state(state: State | None) -> str:
    """The circuit's state in one line."""
    if state is None:
        return UNKNOWN
    if state.is_open:
        return f"open: calls {in_words(state)}"
    if state.closed_for is not None:
        return f"closed since {state.closed_for:.0f} s: calls go through, fewer than usual for a minute"
    found_down = f"; the last {state.failures} found the national server down" if state.failures else ""
    return f"closed: calls go through{found_down}"


def in_words(state: State | None) -> str:
    """What calls do, in one line."""
    if state is None:
        return UNKNOWN
    if state.is_open:
        return f"pause since {_time(state.opened_at)}, last probe {_time(state.probed_at)}"
    if state.closed_for is not None:
        return f"go on since {state.closed_for:.0f} s, fewer than usual for a minute"
    return f"go on; the last {state.failures} found it down" if state.failures else "go on"


def _time(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"
