"""A process of the crew, worker group or producer: started, killed in every way, and started again."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

from attrs import define, field

from pharmasync.sandbox.servers.guard import Guard

STOP_SECONDS = 15.0


@define(eq=False)
class Member:
    """One process with its children, in a process group of its own.

    Attributes:
        name: What its log is called.
        command: Starts it.
        environment: Its environment.
        logs: Where its log goes.
        ready_words: What its log says, ``ready_times``, once it is at work.
        lives: How often it was started.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    logs: Path
    ready_words: str
    ready_times: int = 1
    lives: int = field(default=0, init=False)
    _log_begins: int = field(default=0, init=False)
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _guards: list[Guard] = field(factory=list, init=False)
    _orphans: list[int] = field(factory=list, init=False)

    @property
    def ended(self) -> bool:
        """Whether it is not there."""
        return self._process is None or self._process.poll() is not None

    @property
    def ready(self) -> bool:
        """Whether it is at work."""
        if self.ended:
            return False
        told = self._log.read_bytes()[self._log_begins :]
        return told.count(self.ready_words.encode()) >= self.ready_times

    def start(self) -> None:
        """Starts it; children of an earlier life may still be there."""
        with self._log.open("ab") as log:
            self._log_begins = log.tell()
            self._process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        self.lives += 1
        self._guards.append(Guard(self._process.pid, self.logs))

    def kill_alone(self) -> None:
        """Kills it and not its children, which stay behind; waits until it is gone."""
        process = self._running()
        self._orphans += self._handles()
        process.kill()
        process.wait()

    def kill_a_child(self, dice: Random) -> None:
        """Kills one of its children; of a process that has none, itself."""
        handles = self._handles() or [os.pidfd_open(self._running().pid)]
        _signal(dice.choice(handles), signal.SIGKILL)
        _close(handles)

    def kill_whole(self) -> None:
        """Kills it and all of its children."""
        self._signal_whole(signal.SIGKILL)

    def freeze(self) -> None:
        """Stops it and its children where they are, with SIGSTOP."""
        self._signal_whole(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets them go on as if nothing had happened."""
        self._signal_whole(signal.SIGCONT)

    def ask_to_stop(self) -> None:
        """Sends SIGTERM to it, and to children that an earlier life left behind."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
        for orphan in self._orphans:
            _signal(orphan, signal.SIGTERM)

    def see_it_stopped(self) -> None:
        """Waits for it to end, and kills whatever does not."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
            self._orphans += self._handles()
            self._process.kill()
            self._process.wait()
        for orphan in self._orphans:
            _signal(orphan, signal.SIGKILL)
        _close(self._orphans)
        self._orphans.clear()
        for guard in self._guards:
            guard.dismiss()
        self._guards.clear()

    @property
    def _log(self) -> Path:
        return self.logs / f"{self.name}.log"

    def _signal_whole(self, number: signal.Signals) -> None:
        handles = self._handles()
        self._running().send_signal(number)
        for handle in handles:
            _signal(handle, number)
        _close(handles)

    def _running(self) -> "subprocess.Popen[bytes]":
        """The process.

        Raises:
            ProcessLookupError: It is not there.
        """
        if self._process is None or self._process.poll() is not None:
            raise ProcessLookupError(self.name)
        return self._process

    def _handles(self) -> list[int]:
        """A handle for each child; unlike its number it never comes to mean another process."""
        handles = []
        with suppress(ProcessLookupError, FileNotFoundError):  # it is just ending
            pid = self._running().pid
            for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                with suppress(ProcessLookupError):
                    handles.append(os.pidfd_open(int(child)))
        return handles


def _signal(handle: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, number)


def _close(handles: Sequence[int]) -> None:
    for handle in handles:
        os.close(handle)
