"""Sees to it that a server does not outlive the process that started it."""

import subprocess
from pathlib import Path

# Once the pipe is closed: the server's process group, then its directory.
_SCRIPT = 'read -r _; kill -s KILL -- "-$1"; rm -rf -- "$2"'


class Guard:
    """A shell that waits at the end of a pipe for the starting process to end, and then kills the server.

    The kernel closes the pipe however that process ends, SIGKILL included, where neither an ``atexit`` hook nor a
    ``finally`` runs. PR_SET_PDEATHSIG would do without the shell, but it kills the server when the *thread* that
    started it ends, wants Python code between fork and exec, and leaves the server's files behind. The shell is in a
    process group of its own, so Ctrl-C and a signal to the parent's group do not reach it.

    A child that the process forked without exec holds the pipe too: the guard then waits for the last of them.

    Args:
        group: The server's process group.
        directory: The server's files, which go with it.
    """

    def __init__(self, group: int, directory: Path) -> None:
        self._shell = subprocess.Popen(  # noqa: S603 - a fixed script; its arguments are a number and our own directory
            ["/bin/sh", "-c", _SCRIPT, "guard", str(group), str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )

    @property
    def pid(self) -> int:
        """The shell's process id."""
        return self._shell.pid

    def dismiss(self) -> None:
        """End the guard; the server lives on."""
        self._shell.kill()
        self._shell.wait()
        if self._shell.stdin is not None:
            self._shell.stdin.close()
