"""Whatever arrives, it is a value or one of the named errors: a strange answer never looks like a fault of ours."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmasync.errors import (
    CredentialsRefusedError,
    DeliveryError,
    ForeignDocumentError,
    NotStoredError,
    RefusedError,
    UnavailableError,
    UncertainError,
)
from pharmasync.national.adapter import Stored
from pharmasync.national.http import Response
from pharmasync.national.v1.answers import excerpt, read_stored
from pharmasync.national.v1.finding import read_found
from pharmasync.national.v1.ids import Own
from pharmasync.national.v1.login import read_token
from pharmasync.national.v1.wire import FORMS

OWN = Own(code="HD-001", code_key="ma_hoa_don", id_key="ma_hoa_don_quoc_gia")
SENT = {"ma_hoa_don": "HD-001", "ma_co_so": "79-00012", "ngay_ban": "20260301"}
FORM = FORMS["sales_invoice"]

keys = st.sampled_from(
    ["code", "mess", "message", "data", "token", "ma_hoa_don", "ma_hoa_don_quoc_gia", "ma_co_so", "ngay_ban", "x"]
)
likely = st.sampled_from(
    ["200", "400", "401", 200, 400, 401, 404, 409, "HD-001", "HD_QG_1", "79-00012", "20260301", "đã tồn tại", "", None]
)
plain = likely | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5))
texts = values.map(json.dumps).map(str.encode)
cut_texts = st.builds(lambda body, share: body[: int(len(body) * share)], texts, st.floats(0.0, 1.0))
odd_texts = st.text(max_size=30).map(lambda text: text.encode("utf-16"))
responses = st.builds(
    Response,
    status=st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 405, 409, 422, 429, 500, 503])
    | st.integers(100, 599),
    body=texts | cut_texts | odd_texts | st.binary(max_size=100),
    content_type=st.sampled_from(["application/json", "text/html", "text/plain", ""]) | st.text(max_size=10),
    retry_after=st.none() | st.floats(0, 1e9),
)


def error_of(read: Callable[..., object], *arguments: object) -> object:
    """What a reader returns or which delivery error it raises; any other error comes through."""
    try:
        return read(*arguments)
    except DeliveryError as error:
        return error


@given(responses)
@settings(max_examples=250, deadline=None)
def test_an_answer_to_a_writing_call_is_stored_refused_unavailable_or_uncertain(response: Response) -> None:
    got = error_of(read_stored, response, OWN)
    assert isinstance(got, Stored | RefusedError | UnavailableError | UncertainError)


@given(responses)
@settings(max_examples=120, deadline=None)
def test_nothing_but_an_ok_answer_is_ever_taken_for_stored(response: Response) -> None:
    if isinstance(error_of(read_stored, response, OWN), Stored):
        assert response.status < 300
        assert not response.body.lstrip().startswith(b"<")


@given(responses)
@settings(max_examples=120, deadline=None)
def test_a_national_id_fits_its_column_and_is_printable(response: Response) -> None:
    got = error_of(read_stored, response, OWN)
    if isinstance(got, Stored) and got.national_id is not None:
        assert 0 < len(got.national_id) <= 100
        assert got.national_id.isascii()
        assert got.national_id.isprintable()


@given(responses)
@settings(max_examples=120, deadline=None)
def test_an_answer_to_a_look_up_is_found_nothing_another_document_or_unavailable(response: Response) -> None:
    got = error_of(read_found, response, OWN, SENT, FORM)
    assert got is None or isinstance(got, Stored | ForeignDocumentError | NotStoredError | UnavailableError)
    if isinstance(got, Stored):
        assert response.status < 300


@given(responses)
@settings(max_examples=120, deadline=None)
def test_an_answer_to_a_login_is_a_token_a_refusal_or_unavailable(response: Response) -> None:
    got = error_of(read_token, response)
    assert isinstance(got, str | CredentialsRefusedError | UnavailableError)
    if isinstance(got, str):
        assert response.status < 300
        assert f"bearer {got}".encode("latin-1").isascii()
        assert got.isprintable()
        assert got == got.strip() != ""


@given(responses)
@settings(max_examples=100, deadline=None)
def test_an_error_can_be_written_to_a_row(response: Response) -> None:
    for got in (error_of(read_stored, response, OWN), error_of(read_found, response, OWN, SENT, FORM)):
        if isinstance(got, DeliveryError):
            assert str(got).encode("utf-8")
            assert len(str(got)) < 1000


@given(st.binary(max_size=2000))
@settings(max_examples=100, deadline=None)
def test_an_excerpt_is_short_and_on_one_line(body: bytes) -> None:
    assert excerpt(body).isprintable()
    assert len(excerpt(body)) <= 200


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"data":' * 50_000, b"1" * 10_000, b"\xff" * 1000, b""])
@pytest.mark.parametrize("status", [200, 400, 404, 500])
def test_what_breaks_parsers_breaks_no_reader(body: bytes, status: int) -> None:
    response = Response(status=status, body=body, content_type="application/json")
    assert isinstance(error_of(read_stored, response, OWN), DeliveryError)
    assert isinstance(error_of(read_token, response), DeliveryError)
    assert error_of(read_found, response, OWN, SENT, FORM) is None or status == 500
