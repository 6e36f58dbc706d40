"""Where the packages keep their servers."""

from importlib.util import find_spec
from pathlib import Path

from pharmasync.sandbox.servers.process import ServerStartError


def find_binary(distribution: str, package: str, *parts: str) -> Path:
    """Find a server's binary inside an installed package, without importing the package.

    Args:
        distribution: The name by which pip knows it.
        package: The top-level package that carries the binary.
        parts: The binary's path inside the package.

    Raises:
        ServerStartError: It is not installed, or carries no binary for this machine.
    """
    spec = find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or []
    for folder in folders:
        binary = Path(folder, *parts)
        if binary.is_file():
            return binary
    raise ServerStartError(
        f"there is no {parts[-1]} for this machine: install {distribution} (in a checkout: pip install '.[sandbox]')"
    )
