"""Outcomes as values."""

import pytest

from pharmasync.decisions.outcome import Outcome, delivered, refused
from pharmasync.decisions.status import Status
from pharmasync.words import Words


def test_a_delivered_document_empties_the_message_and_the_due_time() -> None:
    assert delivered("HD_QG_1") == Outcome(name="delivered", status=Status.SUCCESS, national_id="HD_QG_1")
    assert delivered("HD_QG_1").message is None
    assert delivered("HD_QG_1").due_in is None
    assert delivered("HD_QG_1").counted


def test_how_it_was_delivered_is_told() -> None:
    assert delivered("X", Words("đã có sẵn", "it was there")).message == "đã có sẵn / it was there"


def test_a_document_may_be_delivered_without_an_id() -> None:
    assert delivered(None).national_id is None
    assert delivered(None).status is Status.SUCCESS


@pytest.mark.parametrize("message", [Words("từ chối", "refused"), "từ chối / refused", ValueError("từ chối / refused")])
def test_a_refusal_keeps_its_words(message: object) -> None:
    assert refused(message) == Outcome(name="refused", status=Status.FAILED, message="từ chối / refused")
