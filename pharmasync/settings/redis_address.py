"""How the address of Redis is read."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from pharmasync.settings.declared import PORT, Declared, has_loose_at

HOST_NAME = re.compile(r"[\w.-]+")


def _redis_address(text: str) -> str:
    if not _names_a_server(urlsplit(text)):
        raise ValueError
    _try_options(text)
    return text


def _names_a_server(parts: SplitResult) -> bool:
    if parts.scheme == "unix":
        return bool(parts.path)
    is_redis = parts.scheme in {"redis", "rediss"}
    return is_redis and bool(parts.hostname) and parts.port != 0 and not has_loose_at(parts)


def _try_options(text: str) -> None:
    """Makes a connection that is not opened: some options are looked at only then, and what they are is redis-py's."""
    from redis import ConnectionPool  # noqa: PLC0415 - where no address is set, no driver is needed for reading it

    try:
        ConnectionPool.from_url(text).make_connection()
    except Exception as error:  # a wrong option fails in whatever way its use does
        raise ValueError from error


def _host(text: str) -> str:
    if HOST_NAME.fullmatch(text):
        return text
    return f"[{ip_address(text)}]"


REDIS = (_redis_address, "a redis:// or rediss:// address with options that redis-py knows")

REDIS_HOST = Declared(
    name="REDIS_HOST",
    read=_host,
    expects="the name or the address of a host",
    unit="",
    meaning="The host of Redis, where REDIS_URL is not set",
)
REDIS_PORT = Declared(
    name="REDIS_PORT", read=PORT[0], expects=PORT[1], unit="", meaning="Its port, where REDIS_URL is not set"
)


def redis_address(environ: Mapping[str, str]) -> str | None:
    """The address that REDIS_HOST and REDIS_PORT make; None where neither is set.

    Raises:
        SettingError: One of them is wrong.
    """
    host, port = environ.get(REDIS_HOST.name), environ.get(REDIS_PORT.name)
    if not host and not port:
        return None
    return f"redis://{REDIS_HOST.value_of(host or '127.0.0.1')}:{REDIS_PORT.value_of(port or '6379')}/0"
