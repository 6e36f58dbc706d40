import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from benchmarks.documents import calls, make
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sandbox.demo.documents import MadeDocument

DAY = date(2026, 3, 4)


@pytest.fixture(scope="module")
def made() -> list[MadeDocument]:
    return make(60, DAY)


def test_the_types_are_equally_common(made: list[MadeDocument]) -> None:
    assert Counter(one.kind.name for one in made) == {kind.name: 20 for kind in DOCUMENT_TYPES}


def test_every_document_has_three_lines(made: list[MadeDocument]) -> None:
    assert {len(one.lines) for one in made} == {3}


def test_no_two_documents_share_shop_type_and_code(made: list[MadeDocument]) -> None:
    assert len({(one.shop.id, one.kind.name, one.local_id) for one in made}) == len(made)


def without_blanks(body: dict[str, object]) -> dict[str, object]:
    """Optional text that is empty may be sent or left out."""
    return {key: value for key, value in body.items() if value != ""}


def test_the_peer_sends_what_pharmasync_sends(made: list[MadeDocument]) -> None:
    models: Any = pytest.importorskip("benchmarks.celery_peer.models")
    for one, call in zip(made, calls(made), strict=True):
        header = {**one.header, one.kind.local_id: one.local_id, "facility_code": one.facility}
        peer = json.loads(models.body_of(one.kind, header, [dict(line) for line in one.lines]))
        assert without_blanks(peer) == without_blanks(json.loads(call.partition("\t")[2]))
