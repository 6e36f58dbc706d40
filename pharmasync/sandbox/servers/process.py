"""A server as a child process: start, stop, kill, start again on the same port."""

import abc
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from pharmasync.sandbox.servers.guard import Guard
from pharmasync.sandbox.servers.ports import HOST, free_port

_STOP_TIMEOUT = 10.0
_POLL_INTERVAL = 0.02
_LOG_TAIL = 2_000


class ServerStartError(Exception):
    """A server cannot be started. The message says why, and what to install if something is missing."""


class ServerProcess(abc.ABC):
    """A server that runs as a child process on loopback.

    It does not outlive this process, see `Guard`. Ctrl-C does not reach it, so it is there for whoever cleans up. Its
    files are in a temporary directory; they survive `kill` and are removed by `stop`.

    Args:
        port: The port to listen on. By default a free one, chosen here and kept from start to start.
    """

    name: str

    start_seconds = 20.0
    """How long its start may take."""

    def __init__(self, port: int | None = None) -> None:
        self.port = free_port() if port is None else port
        self._directory: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None

    @property
    @abc.abstractmethod
    def url(self) -> str:
        """Where clients find the server."""

    @abc.abstractmethod
    def _command(self, directory: Path) -> list[str]:
        """Return the command that runs the server in the foreground, with its files in `directory`."""

    @abc.abstractmethod
    def _ping(self) -> bool:
        """Tell whether the server answers a real command. It accepts connections already."""

    def _explain(self, log: str) -> str:
        """Say why the server ended, from what it printed."""
        return f"{self.name} ended while starting:\n{log[-_LOG_TAIL:]}"

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process id, or None if there is no process."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start the server and wait until it answers. After a `kill` it finds its files again.

        Raises:
            ServerStartError: It is running already, its port is taken, it ended at once, or did not answer in time.
        """
        if self.running:
            raise ServerStartError(f"{self.name} is running already")
        self._bury()
        if self._accepts():
            raise ServerStartError(f"port {self.port} is taken: {self.name} cannot start there")
        if self._directory is None:
            self._directory = Path(tempfile.mkdtemp(prefix=f"pharmasync-{self.name}-"))
        try:
            self._spawn(self._directory)
            self._wait_until_it_answers(self._directory)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server with SIGTERM, or SIGKILL if that takes too long, and remove its files."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._bury()
        if self._directory is not None:
            shutil.rmtree(self._directory)
            self._directory = None

    def kill(self) -> None:
        """End the server with SIGKILL, as a crash would. Its files stay."""
        if self._process is not None:
            self._process.kill()
        self._bury()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _spawn(self, directory: Path) -> None:
        """Start the process and its guard."""
        with (directory / "output.log").open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - the command is this package's own
                self._command(directory),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        self._guard = Guard(self._process.pid, directory)

    def _bury(self) -> None:
        """Wait for a process that is ending, and dismiss its guard first: nothing must be killed after it."""
        if self._guard is not None:
            self._guard.dismiss()
            self._guard = None
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _wait_until_it_answers(self, directory: Path) -> None:
        """Ask until the server answers, and give up when it ends or time is over."""
        process = self._process
        deadline = time.monotonic() + self.start_seconds
        while process is not None and time.monotonic() < deadline:
            if self._accepts() and self._ping() and process.poll() is None:
                return
            try:
                process.wait(_POLL_INTERVAL)
            except subprocess.TimeoutExpired:
                continue
            raise ServerStartError(self._explain((directory / "output.log").read_text(errors="replace")))
        raise ServerStartError(f"{self.name} did not answer on port {self.port} within {self.start_seconds:g} s")

    def _accepts(self) -> bool:
        """Tell whether somebody accepts connections on the port."""
        try:
            with socket.create_connection((HOST, self.port), timeout=1.0):
                return True
        except OSError:
            return False
