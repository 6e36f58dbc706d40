"""How the broker's address is read."""

from urllib.parse import urlsplit

from pharmasync.errors import SettingError
from pharmasync.settings.declared import has_loose_at
from pharmasync.settings.redis_address import REDIS

RABBITMQ = {"amqp", "amqps"}


def _broker_address(text: str) -> str:
    if urlsplit(text).scheme not in RABBITMQ:
        read_redis, _ = REDIS
        read_redis(text)
        return text
    for each in text.split(";"):
        _read_rabbitmq(each)
    return text


def _read_rabbitmq(text: str) -> None:
    try:
        import pika  # noqa: PLC0415 - an extra, which only RabbitMQ needs
    except ImportError:
        raise SettingError(
            "PHARMASYNC_BROKER_URL names RabbitMQ, which needs pika; in a checkout: pip install '.[rabbitmq]'"
        ) from None
    parts = urlsplit(text)
    if parts.scheme not in RABBITMQ or not parts.hostname or parts.port == 0 or has_loose_at(parts):
        raise ValueError
    try:
        pika.URLParameters(text)
    except (TypeError, SyntaxError) as error:  # a name without a password; what it takes for Python
        raise ValueError from error


BROKER = (_broker_address, "a redis://, rediss://, amqp:// or amqps:// address")
