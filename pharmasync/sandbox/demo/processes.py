"""Runs the Procfile's commands, each in a process group of its own, and sees to it that none outlives the demo."""

import os
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from pharmasync.sandbox.servers.guard import Guard

COMMANDS = {"worker": "dramatiq pharmasync.actors", "scheduler": "python -m pharmasync.schedulers"}
"""The Procfile's commands, for whoever has no Procfile at hand."""

MOST_WORKER_PROCESSES = 8
STOP_SECONDS = 10.0
LOG_TAIL = 1_500


def read_procfile(directory: Path) -> dict[str, str]:
    """The commands of the workers and of the producer.

    They come from the Procfile in ``directory`` where that is pharmasync's own: another project's is left alone.
    """
    commands = dict(COMMANDS)
    with suppress(OSError):
        for line in (directory / "Procfile").read_text(encoding="utf-8").splitlines():
            name, _, command = line.partition(":")
            if name.strip() in COMMANDS and "pharmasync" in command:
                commands[name.strip()] = command.strip()
    return commands


def bounded(command: Sequence[str], processors: int) -> list[str]:
    """The command, with a bound where Dramatiq would start a worker process for each of very many processors."""
    if command[0] == "dramatiq" and "--processes" not in command and processors > MOST_WORKER_PROCESSES:
        return [*command, "--processes", str(MOST_WORKER_PROCESSES)]
    return list(command)


class ProcfileProcess:
    """One of the commands, from start to stop.

    Args:
        name: Its name in the Procfile.
        command: The command, without a shell's syntax.
        environment: Its environment.
        directory: Where its log goes.
    """

    def __init__(self, name: str, command: str, environment: Mapping[str, str], directory: Path) -> None:
        self.name = name
        self.command = bounded(shlex.split(command), os.cpu_count() or 1)
        self.log = directory / f"{name}.log"
        own_commands = str(Path(sys.executable).parent)
        path = os.pathsep.join((own_commands, environment.get("PATH", os.defpath)))
        self._environment = {**environment, "PATH": path, "PYTHONUNBUFFERED": "1"}
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the Procfile's commands are what the demo is to run
                self.command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        self._guard = Guard(self._process.pid, self.log.parent)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def ended(self) -> bool:
        """Whether it ended by itself."""
        return self._process is not None and self._process.poll() is not None

    @property
    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:]

    def stop(self) -> None:
        """Ends it with SIGTERM, and with SIGKILL whatever of its group is left then or does not end in time."""
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.returncode is None:
            _ask_to_end(process.pid)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        if self._guard is not None:
            self._guard.dismiss()
            self._guard = None
        process.wait()


def _ask_to_end(pid: int) -> None:
    """Tells a child to end and waits; it is not reaped, so that its number stays its own until its group is gone."""
    handle = os.pidfd_open(pid)
    try:
        signal.pidfd_send_signal(handle, signal.SIGTERM)
        select.select([handle], [], [], STOP_SECONDS)
    finally:
        os.close(handle)
