"""Variables that look like settings and are none."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

import attrs

from pharmasync.settings.declared import declared
from pharmasync.settings.every import Settings

PREFIX = "PHARMASYNC_"
OF_THE_TESTS = "PHARMASYNC_TEST_"


def unknown(environ: Mapping[str, str]) -> Iterator[str]:
    """A line for each variable with our prefix that no setting has: most likely a typo, and the default is in force."""
    names = [declared(attribute).name for attribute in attrs.fields(Settings)]
    ours = [name for name in names if name.startswith(PREFIX)]
    for name in sorted(environ.keys() - set(names)):
        if name.startswith(PREFIX) and not name.startswith(OF_THE_TESTS):
            (nearest,) = get_close_matches(name.upper(), ours, n=1, cutoff=0.0)
            yield f"{name} is no setting; the nearest one is {nearest}"
