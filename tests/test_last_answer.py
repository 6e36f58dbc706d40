"""The status of the last answer about a document is in hand; a call that got none leaves none."""

from collections.abc import Iterator

import pytest
from attrs import define

from pharmasync.errors import LostAnswerError
from pharmasync.in_hand import InHand, in_hand, let_go, take
from pharmasync.last_answer import NoteStatus
from pharmasync.national.http import Request, Response, Until

POST = Request(method="POST", path="/", writes=True)
GET = Request(method="GET", path="/")


@define
class Wire:
    """Answers in turn; None is a lost answer."""

    statuses: list[int | None]

    def __call__(self, request: Request, until: Until | None = None, write_by: Until | None = None) -> Response:
        assert (request.path, until, write_by) == ("/", None, None)
        status = self.statuses.pop(0)
        if status is None:
            raise LostAnswerError("lost")
        return Response(status=status)


@pytest.fixture
def held() -> Iterator[InHand]:
    take("m-1", "sale_queue", None)
    yield in_hand()
    let_go()


def test_the_last_answer_counts(held: InHand) -> None:
    carry = NoteStatus(Wire([401, 200]))
    assert held.http_status is None
    assert carry(POST).status == 401
    assert carry(POST).status == 200
    assert held.http_status == 200


def test_a_lost_answer_leaves_no_status_of_an_earlier_call(held: InHand) -> None:
    carry = NoteStatus(Wire([404, None]))
    carry(POST)
    with pytest.raises(LostAnswerError):
        carry(POST)
    assert held.http_status is None


def test_a_look_up_before_the_document_is_sent_counts_as_well(held: InHand) -> None:
    NoteStatus(Wire([404]))(GET)
    assert held.http_status == 404


def test_a_look_up_after_the_document_was_sent_says_nothing_about_it(held: InHand) -> None:
    carry = NoteStatus(Wire([200, 404, None]))
    held.sent = True
    carry(POST)
    carry(GET)
    with pytest.raises(LostAnswerError):
        carry(GET)
    assert held.http_status == 200
