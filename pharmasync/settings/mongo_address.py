"""How the address of MongoDB, and the name of a database there, are read."""

import warnings
from urllib.parse import urlsplit

from pharmasync.settings.declared import has_loose_at

FORBIDDEN = ' /\\.$"\0'
"""What the name of a database must not hold."""

LONGEST_NAME = 63
"""In bytes."""


def _mongo_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"mongodb", "mongodb+srv"} or not parts.netloc.rpartition("@")[2] or has_loose_at(parts):
        raise ValueError
    _try(text)
    return text


def _try(text: str) -> None:
    """Reads it as pymongo will, but for the hosts that DNS has behind a mongodb+srv:// address."""
    from pymongo.errors import PyMongoError  # noqa: PLC0415 - where no address is set, no driver is needed to read it
    from pymongo.uri_parser import parse_uri, split_options  # noqa: PLC0415 - likewise

    parts = urlsplit(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of options that it does not know pymongo warns when it connects
        try:
            if parts.scheme == "mongodb":
                parse_uri(text, warn=True)
                return
            if "," in parts.netloc or parts.port is not None:
                raise ValueError
            if parts.query:
                split_options(parts.query, warn=True)
        except (PyMongoError, OSError) as error:  # OSError: a file of certificates that cannot be read
            raise ValueError from error


def _database_name(text: str) -> str:
    """The text; pymongo and MongoDB would refuse the others only as they write, and nothing would be journalled."""
    if not text or any(character in FORBIDDEN for character in text) or len(text.encode()) > LONGEST_NAME:
        raise ValueError
    return text


MONGO = (_mongo_address, "a mongodb:// address that pymongo takes")
DATABASE = (_database_name, f'the name of a MongoDB database: at most {LONGEST_NAME} bytes without blanks and /\\.$"')
