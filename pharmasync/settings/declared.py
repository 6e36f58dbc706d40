"""How a setting is declared, and how its text is read."""

from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, urlsplit

import attrs
from attrs import frozen

from pharmasync.errors import SettingError
from pharmasync.settings.loopback import is_loopback

FACILITY_COLUMNS = ("pharmacy_code", "shop_pharmacy_code")

LONGEST_DAYS = 24_855
"""More seconds than a 32-bit number holds are refused by MongoDB as the lifetime of a document."""


@frozen(kw_only=True)
class Declared:
    """What a setting declares: its name, how its text is read, what that expects, its unit and its meaning."""

    name: str
    read: Callable[[str], object]
    expects: str
    unit: str
    meaning: str
    secret: bool = False

    def value_of(self, text: str) -> object:
        """What the text says.

        Raises:
            SettingError: It is wrong.
        """
        try:
            return self.read(text)
        except ValueError:
            shown = "its value" if self.secret or "@" in text else repr(text)
            raise SettingError(f"{self.name} is wrong: {shown}; it expects {self.expects}") from None


def setting(name: str, read: tuple[Callable[[str], object], str], meaning: str, **more: Any) -> Any:
    """A field of the settings' class: the variable's name, how it is read, and a sentence about it."""
    unit, secret = more.pop("unit", ""), more.pop("secret", False)
    reader, expects = read
    described = Declared(name=name, read=reader, expects=expects, unit=unit, meaning=meaning, secret=secret)
    return attrs.field(metadata={"declared": described}, repr=not secret, **more)


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:  # noqa: PLR2004 - the range of ports
        raise ValueError
    return port


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError
    return number


def _journal_days(text: str) -> float:
    days = _positive(text)
    if days > LONGEST_DAYS:
        raise ValueError
    return days


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def _web_address(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in text:
        raise ValueError
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError
    if parts.port == 0 or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError
    return text.strip().rstrip("/")


def has_loose_at(parts: SplitResult) -> bool:
    """Whether an @ stands behind the host: half of an unescaped password would be taken and shown as host and port."""
    return any("@" in part for part in (parts.path, parts.query, parts.fragment))


def _facility_column(text: str) -> str:
    if text not in FACILITY_COLUMNS:
        raise ValueError
    return text


TEXT = (_filled, "text")
PORT = (_port, "a port from 1 to 65535")
SECONDS = (_positive, "a number of seconds above 0")
JOURNAL_DAYS = (_journal_days, f"a number of days above 0, at most {LONGEST_DAYS}")
COUNT = (_count, "a whole number from 1")
CALLS = (_positive, "a number of calls above 0")
REPEATS = (_whole, "a whole number from 0")
WEB = (_web_address, "an https:// address (http:// on this machine only) without credentials, path or query")
FACILITY = (_facility_column, " or ".join(FACILITY_COLUMNS))


def declared(attribute: "attrs.Attribute[Any]") -> Declared:
    """What the attribute of a settings class declares."""
    found: Declared = attribute.metadata["declared"]
    return found
