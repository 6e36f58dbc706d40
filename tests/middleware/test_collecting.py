"""What stays for as long as a worker lives is not searched for garbage again and again."""

import gc
from collections.abc import Iterator

import pytest
from dramatiq import Broker, Worker

from pharmasync.middleware import KeepWhatStays
from pharmasync.middleware.collecting import ALLOCATIONS

# The search finds what other tests have left behind, such as a socket whose server was killed.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_there_once_the_worker_has_booted_is_left_out(broker: Broker) -> None:
    kept: list[list[int]] = [[] for _ in range(1000)]
    KeepWhatStays().after_worker_boot(broker, Worker(broker, worker_threads=1))
    assert gc.get_freeze_count() > len(kept)
    assert gc.get_threshold()[0] == ALLOCATIONS
