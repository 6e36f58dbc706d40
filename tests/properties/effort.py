"""How hard the machine tries."""

import os
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

EXAMPLES = int(os.environ.get("PHARMASYNC_TEST_EXAMPLES", "80"))
"""By hand some thousands are worth their minutes: ``PHARMASYNC_TEST_EXAMPLES=5000 pytest tests/properties``."""

KEPT = Path(__file__).parents[2] / ".hypothesis" / "examples"
"""What failed is tried first the next time."""

SEARCH = settings(
    max_examples=EXAMPLES,
    stateful_step_count=30,
    database=DirectoryBasedExampleDatabase(KEPT),
    derandomize=False,
    print_blob=True,
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Other orders at each run; a failure prints what brings it back."""

SURE_FIND = settings(SEARCH, max_examples=100, derandomize=True, database=None, phases=[Phase.generate])
"""The same orders at each run, and no search for the shortest: for what must be found, and soon."""
