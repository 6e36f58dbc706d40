"""What is called, and in which order, so that a document is stored once."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from pharmasync.decisions.doubt import Doubt
from pharmasync.errors import (
    AlreadyStoredError,
    CircuitOpenError,
    DeliveryError,
    ForeignDocumentError,
    LostAnswerError,
    NetworkTroubleError,
    NotStoredError,
    PharmasyncError,
    RefusedError,
    ServerAwayError,
    TokenRefusedError,
    UnavailableError,
    UnreadableAnswerError,
    UnresolvedError,
)
from pharmasync.national.adapter import Stored
from pharmasync.words import Words

MakeScene = Callable[..., Any]

STORED = Stored(national_id="HD_QG_1")
CORRECTED = "sent again as a correction, to be sure"
FOUND = "it was at the national server already"
REPORTED = "the national server said that it exists"

IN_WORDS = AlreadyStoredError("đã tồn tại (HTTP 409)", http_status=409, in_words=True)
BARE = AlreadyStoredError("HTTP 409", http_status=409)
ABSENT = NotStoredError("không tìm thấy (HTTP 404)", http_status=404)


def note_of(stored: Stored) -> str | None:
    return None if stored.note is None else stored.note.en


def test_a_document_that_was_never_sent_is_posted_once_without_a_look(scene: MakeScene) -> None:
    here = scene(create=STORED)
    assert here.send(Doubt.NONE) == STORED
    assert here.api.operations == ["create"]
    assert here.transport.calls == [("create", "token-1")]


@pytest.mark.parametrize("doubt", [Doubt.SLIGHT, Doubt.STRONG])
def test_a_document_in_doubt_is_looked_for_and_nothing_is_written_where_it_is_found(
    scene: MakeScene, doubt: Doubt
) -> None:
    here = scene(find=STORED)
    stored = here.send(doubt)
    assert (stored.national_id, note_of(stored)) == ("HD_QG_1", FOUND)
    assert here.api.operations == ["find"]
    assert here.announced == 0


def test_a_document_in_slight_doubt_that_is_not_found_is_posted(scene: MakeScene) -> None:
    here = scene(find=None, create=STORED)
    assert here.send(Doubt.SLIGHT) == STORED
    assert here.api.operations == ["find", "create"]


def test_a_document_in_strong_doubt_that_is_not_found_is_corrected(scene: MakeScene) -> None:
    here = scene(find=None, correct=STORED)
    stored = here.send(Doubt.STRONG)
    assert (stored.national_id, note_of(stored)) == ("HD_QG_1", CORRECTED)
    assert here.api.operations == ["find", "correct"]


def test_a_document_in_strong_doubt_is_posted_only_once_the_api_says_that_it_does_not_know_it(
    scene: MakeScene,
) -> None:
    here = scene(find=None, correct=NotStoredError("404", http_status=404), create=STORED)
    assert here.send(Doubt.STRONG) == STORED
    assert here.api.operations == ["find", "correct", "create"]


@pytest.mark.parametrize("look", [None, ABSENT], ids=["unread", "absent"])
def test_what_is_only_to_be_found_out_is_never_posted(scene: MakeScene, look: NotStoredError | None) -> None:
    here = scene(find=look, correct=ABSENT, create=STORED)
    here.may_create = False
    with pytest.raises(NotStoredError, match="does not have it"):
        here.send(Doubt.STRONG)
    assert here.api.operations == ["find", "correct"]


@pytest.mark.parametrize("script", [{"find": STORED}, {"find": None, "correct": STORED}], ids=["found", "corrected"])
def test_what_is_only_to_be_found_out_may_turn_out_to_be_stored(scene: MakeScene, script: dict[str, Any]) -> None:
    here = scene(**script)
    here.may_create = False
    assert here.send(Doubt.STRONG).national_id == "HD_QG_1"


@pytest.mark.parametrize(
    "trouble",
    [
        RefusedError("no", http_status=400),
        UnavailableError("503", http_status=503),
        LostAnswerError("lost"),
        UnreadableAnswerError("?"),
        TokenRefusedError("401"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_document_in_strong_doubt_is_not_posted_after_any_other_answer_to_its_correction(
    scene: MakeScene, trouble: DeliveryError
) -> None:
    here = scene(find=None, correct=trouble)
    with pytest.raises(type(trouble)) as caught:
        here.send(Doubt.STRONG)
    assert caught.value is trouble
    assert here.api.operations == ["find", "correct"]


def test_a_document_that_is_stored_is_corrected_without_a_look_which_would_say_that_all_is_well(
    scene: MakeScene,
) -> None:
    here = scene(correct=STORED)
    stored = here.send(Doubt.STORED)
    assert (stored.national_id, note_of(stored)) == ("HD_QG_1", CORRECTED)
    assert here.api.operations == ["correct"]


def test_it_is_posted_anew_where_the_api_does_not_know_it_any_more(scene: MakeScene) -> None:
    here = scene(correct=ABSENT, create=STORED)
    assert here.send(Doubt.STORED) == STORED
    assert here.api.operations == ["correct", "create"]


@pytest.mark.parametrize(
    "trouble",
    [RefusedError("no", http_status=400), UnavailableError("503", http_status=503), LostAnswerError("lost"), IN_WORDS],
    ids=lambda error: type(error).__name__,
)
def test_it_is_not_posted_after_any_other_answer(scene: MakeScene, trouble: DeliveryError) -> None:
    here = scene(correct=trouble)
    with pytest.raises(type(trouble)) as caught:
        here.send(Doubt.STORED)
    assert caught.value is trouble
    assert here.api.operations == ["correct"]


def test_it_is_refused_where_there_are_no_corrections(scene: MakeScene) -> None:
    here = scene(correct=RefusedError("405", http_status=405))
    with pytest.raises(RefusedError, match="takes no corrections") as caught:
        here.send(Doubt.STORED)
    assert caught.value.http_status == 405


def test_where_there_are_no_corrections_the_doubt_stays(scene: MakeScene) -> None:
    here = scene(find=None, correct=RefusedError("405", http_status=405))
    with pytest.raises(UnresolvedError) as caught:
        here.send(Doubt.STRONG)
    assert caught.value.http_status == 405
    assert here.api.operations == ["find", "correct"]


def test_a_document_in_strong_doubt_is_stored_where_the_words_of_its_correction_say_so(scene: MakeScene) -> None:
    here = scene(find=None, correct=IN_WORDS)
    stored = here.send(Doubt.STRONG)
    assert (stored.national_id, note_of(stored)) == (None, REPORTED)
    assert here.api.operations == ["find", "correct"]


def test_a_bare_409_to_a_correction_is_no_proof_and_the_doubt_stays(scene: MakeScene) -> None:
    here = scene(find=None, correct=BARE)
    with pytest.raises(UnresolvedError) as caught:
        here.send(Doubt.STRONG)
    assert caught.value.http_status == 409
    assert here.api.operations == ["find", "correct"]


@pytest.mark.parametrize(
    "refusal",
    [RefusedError("no", http_status=400), RefusedError("405", http_status=405), NotStoredError("404", http_status=404)],
    ids=str,
)
def test_what_the_api_says_is_not_there_is_posted_where_it_cannot_be_corrected(
    scene: MakeScene, refusal: RefusedError
) -> None:
    here = scene(find=ABSENT, correct=refusal, create=STORED)
    assert here.send(Doubt.STRONG) == STORED
    assert here.api.operations == ["find", "correct", "create"]


@pytest.mark.parametrize("trouble", [BARE, UnavailableError("503"), LostAnswerError("lost"), TokenRefusedError("401")])
def test_what_is_not_there_is_not_posted_where_its_correction_may_have_stored_it(
    scene: MakeScene, trouble: DeliveryError
) -> None:
    here = scene(find=ABSENT, correct=trouble)
    with pytest.raises(DeliveryError):
        here.send(Doubt.STRONG)
    assert here.api.operations == ["find", "correct"]


def test_a_document_in_slight_doubt_that_the_api_says_is_not_there_is_posted(scene: MakeScene) -> None:
    here = scene(find=ABSENT, create=STORED)
    assert here.send(Doubt.SLIGHT) == STORED
    assert here.api.operations == ["find", "create"]


@pytest.mark.parametrize("doubt", [Doubt.SLIGHT, Doubt.STRONG])
@pytest.mark.parametrize(
    "trouble",
    [UnavailableError("503"), NetworkTroubleError("lost"), ForeignDocumentError("other"), TokenRefusedError("401")],
    ids=lambda error: type(error).__name__,
)
def test_nothing_is_written_where_the_look_fails(scene: MakeScene, doubt: Doubt, trouble: DeliveryError) -> None:
    here = scene(find=trouble)
    with pytest.raises(type(trouble)):
        here.send(doubt)
    assert here.api.operations == ["find"]
    assert here.announced == 0


class TestNoIdCame:
    """What follows when an answer says "stored" and brings no id."""

    note = Words("không có mã", "no id came")
    without_id = Stored(national_id=None, note=note)

    def test_a_posted_document_is_read_once_for_its_id(self, scene: MakeScene) -> None:
        here = scene(create=self.without_id, find=STORED)
        assert here.send(Doubt.NONE) == STORED
        assert here.api.operations == ["create", "find"]

    def test_a_corrected_document_is_read_once_for_its_id(self, scene: MakeScene) -> None:
        here = scene(correct=self.without_id)
        here.api.script["find"] = [None, STORED]
        stored = here.send(Doubt.STRONG)
        assert (stored.national_id, note_of(stored)) == ("HD_QG_1", CORRECTED)
        assert here.api.operations == ["find", "correct", "find"]

    @pytest.mark.parametrize("look", [None, Stored(national_id=None)])
    def test_it_is_stored_all_the_same_where_none_is_found(self, scene: MakeScene, look: Stored | None) -> None:
        here = scene(create=self.without_id, find=look)
        assert here.send(Doubt.NONE) == self.without_id

    @pytest.mark.parametrize(
        "trouble",
        [
            UnavailableError("503"),
            NetworkTroubleError("lost"),
            ForeignDocumentError("other"),
            TokenRefusedError("401"),
            CircuitOpenError("down"),
            ServerAwayError("SQL Server", "gone"),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_a_look_that_fails_changes_nothing(self, scene: MakeScene, trouble: PharmasyncError) -> None:
        here = scene(create=self.without_id, find=trouble)
        assert here.send(Doubt.NONE) == self.without_id

    def test_a_document_that_was_found_without_one_is_not_looked_for_again(self, scene: MakeScene) -> None:
        here = scene(find=self.without_id)
        assert here.send(Doubt.STRONG).national_id is None
        assert here.api.operations == ["find"]


class TestAlreadyStored:
    """What follows when a post is answered with "already stored"."""

    refusal = IN_WORDS

    def test_it_is_looked_for(self, scene: MakeScene) -> None:
        here = scene(create=self.refusal, find=STORED)
        stored = here.send(Doubt.NONE)
        assert (stored.national_id, note_of(stored)) == ("HD_QG_1", REPORTED)
        assert here.api.operations == ["create", "find"]

    def test_it_is_corrected_where_it_cannot_be_read(self, scene: MakeScene) -> None:
        here = scene(create=self.refusal, find=None, correct=STORED)
        stored = here.send(Doubt.NONE)
        assert (stored.national_id, note_of(stored)) == ("HD_QG_1", f"{REPORTED}; {CORRECTED}")
        assert here.api.operations == ["create", "find", "correct"]

    def test_it_is_corrected_where_a_look_says_that_it_is_not_there(self, scene: MakeScene) -> None:
        here = scene(create=self.refusal, find=ABSENT, correct=STORED)
        assert here.send(Doubt.NONE).national_id == "HD_QG_1"
        assert here.api.operations == ["create", "find", "correct"]

    def test_it_is_refused_with_the_first_words_where_the_correction_does_not_know_it(self, scene: MakeScene) -> None:
        here = scene(create=self.refusal, find=None, correct=NotStoredError("404"))
        with pytest.raises(RefusedError) as caught:
            here.send(Doubt.NONE)
        assert type(caught.value) is RefusedError
        assert str(caught.value) == "đã tồn tại (HTTP 409)"
        assert caught.value.http_status == 409
        assert here.api.operations == ["create", "find", "correct"]

    @pytest.mark.parametrize("doubt", [Doubt.NONE, Doubt.SLIGHT])
    @pytest.mark.parametrize("again", [IN_WORDS, BARE])
    def test_a_document_that_was_never_in_doubt_is_refused_where_the_one_that_is_there_cannot_be_seen(
        self, scene: MakeScene, doubt: Doubt, again: AlreadyStoredError
    ) -> None:
        here = scene(create=self.refusal, correct=again)
        here.api.script["find"] = [None, None]
        with pytest.raises(RefusedError) as caught:
            here.send(doubt)
        assert type(caught.value) is RefusedError
        assert str(caught.value) == "đã tồn tại (HTTP 409)"
        assert here.api.operations[-3:] == ["create", "find", "correct"]

    @pytest.mark.parametrize(
        ("first", "again", "stored"), [(IN_WORDS, BARE, True), (BARE, IN_WORDS, True), (BARE, BARE, False)]
    )
    def test_in_strong_doubt_it_is_stored_where_any_words_say_so(
        self, scene: MakeScene, first: AlreadyStoredError, again: AlreadyStoredError, *, stored: bool
    ) -> None:
        here = scene(create=first)
        here.api.script |= {"find": [None, None], "correct": [NotStoredError("404"), again]}
        if stored:
            assert note_of(here.send(Doubt.STRONG)) == REPORTED
        else:
            with pytest.raises(UnresolvedError):
                here.send(Doubt.STRONG)
        assert here.api.operations == ["find", "correct", "create", "find", "correct"]

    def test_another_document_under_the_code_is_never_adopted_or_overwritten(self, scene: MakeScene) -> None:
        here = scene(create=self.refusal, find=ForeignDocumentError("other"))
        with pytest.raises(ForeignDocumentError):
            here.send(Doubt.NONE)
        assert here.api.operations == ["create", "find"]


def test_trouble_after_it_was_said_to_exist_is_told_with_that(scene: MakeScene) -> None:
    here = scene(find=None, create=IN_WORDS, correct=UnavailableError("HTTP 503", http_status=503))
    with pytest.raises(UnavailableError, match=f"{REPORTED}; HTTP 503"):
        here.send(Doubt.NONE)


@pytest.mark.parametrize("error", [RefusedError("no"), NotStoredError("404"), UnreadableAnswerError("?")])
def test_another_answer_to_a_post_comes_through(scene: MakeScene, error: DeliveryError) -> None:
    here = scene(create=error)
    with pytest.raises(DeliveryError) as caught:
        here.send(Doubt.NONE)
    assert caught.value is error
    assert here.api.operations == ["create"]


def test_what_the_api_noted_stands_behind_what_the_client_notes(scene: MakeScene) -> None:
    from_the_api = evolve(STORED, note=scene(find=STORED).send(Doubt.SLIGHT).note)
    stored = scene(find=from_the_api).send(Doubt.SLIGHT)
    assert note_of(stored) == f"{FOUND}; {FOUND}"
