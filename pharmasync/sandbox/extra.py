"""The extra ``sandbox``: what the practice servers need beyond a plain installation."""

import sys
from importlib.util import find_spec

WRONG_USAGE = 2
"""The exit status where it is missing, as for any wrong usage."""


def need_extra(*modules: str) -> None:
    """Ends the process with one line and status 2 where one of these modules is not installed."""
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        sys.stderr.write(
            f"pharmasync: {', '.join(missing)} is not installed; in a checkout: pip install '.[sandbox]'\n"
        )
        raise SystemExit(WRONG_USAGE)
