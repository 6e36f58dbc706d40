"""Changes of switches and faults by name, from JSON at run time or from ``name=value`` on a command line."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from attrs import evolve, fields

from pharmasync.sandbox.national.faults import Faults
from pharmasync.sandbox.national.switches import Switches

T = TypeVar("T", Switches, Faults)

_TRUTHS = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


class ChangeError(ValueError):
    """A change names a switch or fault that does not exist, or gives it a value it cannot have."""


def changed(current: T, values: Mapping[str, object]) -> T:
    """Return ``current`` with some of its fields changed.

    Args:
        current: The switches or the faults.
        values: New values by name; text is read as the field's own type.

    Raises:
        ChangeError: A name is unknown or a value is not possible; the message names it.
    """
    types = {item.name: item.type for item in fields(type(current))}
    for name in values:
        if name not in types:
            raise ChangeError(f"unknown name {name!r}; known are {', '.join(types)}")
    try:
        new: dict[str, Any] = {name: _read(name, types[name], value) for name, value in values.items()}
        return evolve(current, **new)
    except ChangeError:
        raise
    except ValueError as error:
        raise ChangeError(str(error.args[0])) from error


def from_pairs(start: T, pairs: Iterable[str]) -> T:
    """Return ``start`` changed by texts such as ``"second_post=reject"``.

    Raises:
        ChangeError: A text holds no ``=``, or as for :func:`changed`.
    """
    values: dict[str, object] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise ChangeError(f"{pair!r} is not of the form name=value")
        values[name.strip()] = value.strip()
    return changed(start, values)


def _read(name: str, wanted: type | None, value: object) -> object:
    if wanted is bool:
        return _read_truth(name, value)
    if wanted is str:
        if isinstance(value, str):
            return value
        raise ChangeError(f"{name} must be text, not {value!r}")
    return _read_number(name, int if wanted is int else float, value)


def _read_truth(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    raise ChangeError(f"{name} must be true or false, not {value!r}")


def _read_number(name: str, wanted: type[int] | type[float], value: object) -> int | float:
    refusal = ChangeError(f"{name} must be a {'whole ' if wanted is int else ''}number, not {value!r}")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise refusal
    try:
        number = wanted(value)
    except (ValueError, OverflowError) as error:
        raise refusal from error
    cut_short = not isinstance(value, str) and number != value
    if cut_short or not math.isfinite(number):
        raise refusal
    return number
