"""The processes that are measured, each in a group of its own that never outlives the benchmark."""

import sys
from collections.abc import Mapping
from pathlib import Path

from pharmasync.sandbox.demo.processes import ProcfileProcess

PYTHON = sys.executable


class MeasuredProcess(ProcfileProcess):
    """One of them, from start to stop.

    Args:
        name: Its name; its log is called so.
        command: The command, without a shell's syntax.
        environment: Its environment.
        directory: Where its log goes.
    """

    def __init__(self, name: str, command: str, environment: Mapping[str, str], directory: Path) -> None:
        super().__init__(name, command, environment, directory)

    @property
    def pid(self) -> int:
        """Its process id.

        Raises:
            RuntimeError: It was not started.
        """
        if self._process is None:
            raise RuntimeError(f"{self.name} does not run")
        return self._process.pid
