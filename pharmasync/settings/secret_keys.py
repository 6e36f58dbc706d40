"""How the keys of the encrypted passwords are read."""

import re

FERNET_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
"""32 bytes in URL-safe base64."""


def _secret_keys(text: str) -> tuple[str, ...]:
    keys = tuple(part.strip() for part in text.split(","))
    if not all(FERNET_KEY.fullmatch(key) for key in keys):
        raise ValueError
    return keys


SECRET_KEYS = (_secret_keys, "Fernet keys (32 bytes in URL-safe base64) with a comma between them")
