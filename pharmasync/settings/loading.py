"""Reads the settings out of the environment."""

from collections.abc import Mapping
from typing import Any

import attrs

from pharmasync.errors import SettingError
from pharmasync.settings.declared import Declared, declared
from pharmasync.settings.every import Settings
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
            found[attribute.name] = _read(described, text)
        elif attribute.default is attrs.NOTHING:
            raise SettingError(f"{described.name} is not set; it expects {described.expects} ({described.meaning})")
    if bool(found.get("api_username")) != bool(found.get("api_password")):
        raise SettingError("API_USERNAME and API_PASSWORD go together: set both or neither")
    found.setdefault("mssql_encryption", encryption_of(found["mssql_server"]))
    return Settings(**found)


def _text_of(name: str, environ: Mapping[str, str]) -> str | None:
    """The text of a setting; an empty one counts as not set, as in a compose file or a Procfile's .env."""
    text = environ.get(name)
    host, port = environ.get("REDIS_HOST"), environ.get("REDIS_PORT")
    if name == "REDIS_URL" and not text and (host or port):
        host = f"[{host}]" if host and ":" in host else host
        return f"redis://{host or '127.0.0.1'}:{port or '6379'}/0"
    return text or None


def _read(described: Declared, text: str) -> object:
    try:
        return described.read(text)
    except ValueError:
        shown = "its value" if described.secret or "@" in text else repr(text)
        raise SettingError(f"{described.name} is wrong: {shown}; it expects {described.expects}") from None
