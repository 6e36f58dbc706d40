"""Reads the settings out of the environment."""

from collections.abc import Mapping
from typing import Any

import attrs

from pharmasync.errors import SettingError
from pharmasync.settings.declared import declared
from pharmasync.settings.every import Settings
from pharmasync.settings.redis_address import redis_address
from pharmasync.settings.tls import encryption_of


def load(environ: Mapping[str, str]) -> Settings:
    """All settings out of ``environ``.

    Raises:
        SettingError: One is missing or wrong.
    """
    found: dict[str, Any] = {}
    for attribute in attrs.fields(Settings):
        described = declared(attribute)
        text = _text_of(described.name, environ)
        if text is not None:
            found[attribute.name] = described.value_of(text)
        elif attribute.default is attrs.NOTHING:
            raise SettingError(f"{described.name} is not set; it expects {described.expects} ({described.meaning})")
    if bool(found.get("api_username")) != bool(found.get("api_password")):
        raise SettingError("API_USERNAME and API_PASSWORD go together: set both or neither")
    found.setdefault("mssql_encryption", encryption_of(found["mssql_server"]))
    return Settings(**found)


def _text_of(name: str, environ: Mapping[str, str]) -> str | None:
    """The text of a setting; an empty one counts as not set, as in a compose file or a Procfile's .env."""
    text = environ.get(name) or None
    return redis_address(environ) if name == "REDIS_URL" and text is None else text
