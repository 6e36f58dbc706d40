"""Ports for servers on loopback."""

import random
import socket

HOST = "127.0.0.1"

# Below the range from which Linux takes the ports of outgoing connections (32768 and up). A port from that range could
# be given to any client while its server is down: even to the one that is knocking for the server to come back.
_PORTS = range(20_000, 32_000)

_TRIES = 100


def free_port() -> int:
    """Find a port on loopback that nobody listens on.

    Nothing reserves it: start the server soon.

    Raises:
        OSError: There is none to be found.
    """
    for port in random.sample(_PORTS, _TRIES):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port among {_TRIES} from {_PORTS.start} to {_PORTS.stop - 1}")
