"""Describes the machine and the software that the figures are of."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from attrs import frozen

PACKAGES = (
    *("pharmasync", "dramatiq", "requests", "pymssql", "redis", "pymongo"),
    *("celery", "kombu", "httpx", "pydantic", "tenacity"),
)


@frozen(kw_only=True)
class Machine:
    """A machine.

    Attributes:
        processor: The processor's name.
        processors: How many of them this process may use.
        memory_gb: The memory in GB.
        system: The operating system.
        python: The interpreter.
        packages: The versions of what is measured, by name.
        load_before: The load average of the last minute when the run began: above 0.5 something else was running.
    """

    processor: str
    processors: int
    memory_gb: float
    system: str
    python: str
    packages: dict[str, str]
    load_before: float


def describe() -> Machine:
    """This machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        processor=_processor(),
        processors=len(os.sched_getaffinity(0)),
        memory_gb=round(memory / 2**30, 1),
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        packages={name: found for name in PACKAGES if (found := _version(name)) is not None},
        load_before=os.getloadavg()[0],
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
