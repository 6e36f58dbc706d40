"""Which addresses never leave this machine, so that nobody can listen to what travels to them."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether ``host`` is 127.0.0.0/8, ::1 or localhost."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
