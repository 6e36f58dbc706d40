"""Real servers as child processes."""

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from pymongo import MongoClient

from pharmasync.sandbox.servers import Mongod, ServerProcess, ServerStartError, Valkey, free_port
from pharmasync.sandbox.servers.binaries import find_binary
from pharmasync.sandbox.servers.ports import HOST

pytestmark = pytest.mark.integration

A_PARENT_WITH_SERVERS = """
import sys
from pharmasync.sandbox.servers import Mongod, Valkey

servers = [Valkey(), Mongod()]
for server in servers:
    server.start()
    print(server.pid, server._guard.pid, server._directory, flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=[Valkey, Mongod])
def server(request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    server: ServerProcess = request.param()
    with server:
        yield server


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_the_end_of(handle: int, seconds: float = 5.0) -> bool:
    """Wait for a process by its pidfd, which becomes readable when the process ends, whoever's child it is."""
    ended, _, _ = select.select([handle], [], [], seconds)
    os.close(handle)
    return bool(ended)


def test_a_server_that_has_started_answers_at_once(server: ServerProcess) -> None:
    assert server.running
    with socket.create_connection((HOST, server.port), timeout=1):
        pass


def test_valkey_takes_the_commands_of_a_redis_client(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys() == []
        assert client.set("shop", "a")
        assert client.get("shop") == b"a"


def test_stopping_a_server_leaves_neither_a_process_nor_a_file(server: ServerProcess) -> None:
    pid, guard, directory = server.pid, server._guard, server._directory
    assert pid is not None
    assert guard is not None
    assert directory is not None
    assert directory.is_dir()

    server.stop()

    assert not server.running
    assert not is_there(pid)
    assert not is_there(guard.pid)
    assert not directory.exists()


def test_a_killed_server_starts_again_on_the_same_port(server: ServerProcess) -> None:
    first, port = server.pid, server.port
    assert first is not None

    server.kill()
    assert not is_there(first)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port), timeout=1)
    server.start()

    assert server.running
    assert server.pid != first
    assert server.port == port


def test_mongod_has_its_data_again_after_a_kill() -> None:
    with Mongod() as server:
        client: MongoClient[dict[str, Any]] = MongoClient(server.url, journal=True)
        with client:
            client["shop"]["rows"].insert_one({"_id": 1})
            server.kill()
            server.start()
            assert client["shop"]["rows"].find_one() == {"_id": 1}


def test_no_process_and_no_file_outlives_a_parent_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", A_PARENT_WITH_SERVERS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        lines = [parent.stdout.readline().split() for _ in (Valkey, Mongod)]
        handles = [os.pidfd_open(int(pid)) for server, guard, _ in lines for pid in (server, guard)]
        directories = [Path(directory) for _, _, directory in lines]
        assert all(directory.is_dir() for directory in directories)

        parent.kill()

        assert all([wait_for_the_end_of(handle) for handle in handles])  # noqa: C419 - every handle is to be closed
        assert not any(directory.exists() for directory in directories)


def test_a_server_runs_only_once(server: ServerProcess) -> None:
    pid = server.pid

    with pytest.raises(ServerStartError, match="running already"):
        server.start()

    assert server.running
    assert server.pid == pid


def test_a_port_that_somebody_else_has_is_an_error() -> None:
    with socket.create_server((HOST, 0)) as somebody, pytest.raises(ServerStartError, match="is taken"):
        Valkey(port=somebody.getsockname()[1]).start()


def test_a_missing_library_is_reported_with_its_debian_package(tmp_path: Path) -> None:
    binary = tmp_path / "mongod"
    binary.write_text(
        "#!/bin/sh\n"
        "echo 'mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file' >&2\n"
        "exit 127\n"
    )
    binary.chmod(0o700)
    server = Mongod(binary=binary)

    with pytest.raises(ServerStartError, match="Debian package libcurl4"):
        server.start()

    assert server.pid is None


def test_a_server_that_ends_at_once_is_reported_with_what_it_printed(tmp_path: Path) -> None:
    binary = tmp_path / "mongod"
    binary.write_text("#!/bin/sh\necho 'no space left'\nexit 1\n")
    binary.chmod(0o700)

    with pytest.raises(ServerStartError, match="no space left"):
        Mongod(binary=binary).start()


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(ServerStartError, match="install some-server"):
        find_binary("some-server", "a_package_that_nobody_has", "bin", "server")


def test_a_free_port_is_not_one_that_clients_are_given() -> None:
    clients_from = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])

    port = free_port()

    assert 1024 < port < clients_from
    with socket.create_server((HOST, port)):
        pass
