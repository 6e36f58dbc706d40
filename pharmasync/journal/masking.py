"""Masking of what must not be kept: names of people, and secrets."""

from collections.abc import Mapping
from typing import Any

MASK = "***"
"""Stands for every value that was there and is not told: neither its length nor its type can be read from it."""

_SECRET_NAMES = ("password", "passwd", "pwd", "token", "authorization")


def mask(payload: Any, personal: frozenset[str]) -> Any:
    """Copy a nested payload without its personal values.

    Passwords and tokens never reach the journal at all. Keys that are named like one are masked nonetheless: a second
    guard, for the day somebody journals more than a document.

    Args:
        payload: Mappings, lists and plain values, nested as in JSON. It is not changed.
        personal: The names of the fields whose values are masked, at any depth, whatever lies below them.

    Returns:
        The copy. A masked value is `MASK` if there was a value, else it stays the empty value that it was.
    """
    if isinstance(payload, Mapping):
        return {name: _field(name, value, personal) for name, value in payload.items()}
    if isinstance(payload, list | tuple):
        return [mask(value, personal) for value in payload]
    return payload


def _field(name: Any, value: Any, personal: frozenset[str]) -> Any:
    """Copy one field's value, masked if its name asks for it."""
    if name not in personal and not _is_secret(name):
        return mask(value, personal)
    return MASK if _has_value(value) else mask(value, personal)


def _is_secret(name: Any) -> bool:
    """Tell whether a field is named like a password or a token."""
    lowered = str(name).lower()
    return any(secret in lowered for secret in _SECRET_NAMES)


def _has_value(value: Any) -> bool:
    """Tell whether there is anything to hide. A zero or a False is a value."""
    if value is None:
        return False
    return not isinstance(value, str | Mapping | list | tuple) or len(value) > 0
