"""How the encryption of the connections to SQL Server is set."""

from pharmasync.settings.loopback import is_loopback

REQUIRE = "require"
"""A server without TLS is refused."""

REQUEST = "request"
"""The server decides; one without TLS is taken as it is."""

OFF = "off"
"""Nothing is encrypted, the login's password included."""

CHOICES = (REQUIRE, REQUEST, OFF)


def encryption_of(server: str) -> str:
    """The encryption where no setting names one: nobody listens on loopback, where servers often have no TLS."""
    return REQUEST if is_loopback(server) else REQUIRE


def _encryption(text: str) -> str:
    if text not in CHOICES:
        raise ValueError
    return text


ENCRYPTION = (_encryption, ", ".join(CHOICES[:-1]) + f" or {CHOICES[-1]}")
