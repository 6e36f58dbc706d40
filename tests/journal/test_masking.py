"""Masking: what is personal or secret does not get into the journal."""

import copy
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmasync.journal import MASK, mask

PERSONAL = frozenset({"buyer", "seller"})
TELLTALE = "Nguyễn Văn A"

Json: TypeAlias = Any

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
names = st.sampled_from(["code", "lines", "quantity", "drug"])
personal_names = st.sampled_from(sorted(PERSONAL))
somebody = st.text(max_size=3).map(lambda text: TELLTALE + text)
personal_values = somebody | st.lists(somebody, min_size=1) | st.dictionaries(names, somebody, min_size=1)


def mappings(values: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Mappings with any values under harmless names, and names of people where people are expected."""
    harmless = st.dictionaries(names, values, max_size=3)
    people = st.dictionaries(personal_names, personal_values, max_size=2)
    return st.builds(lambda left, right: left | right, harmless, people)


payloads = st.recursive(plain, lambda values: st.lists(values, max_size=3) | mappings(values), max_leaves=20)


def shape(value: Json) -> Json:
    """Everything of a payload but what is below personal names."""
    if isinstance(value, dict):
        return {name: MASK if name in PERSONAL else shape(below) for name, below in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return value


@given(payloads)
def test_no_personal_value_survives_at_any_depth(payload: Json) -> None:
    assert TELLTALE not in repr(mask(payload, PERSONAL))


@given(payloads)
def test_everything_else_is_kept(payload: Json) -> None:
    assert mask(payload, PERSONAL) == shape(payload)


@given(payloads)
def test_the_payload_itself_is_not_changed(payload: Json) -> None:
    before = copy.deepcopy(payload)
    mask(payload, PERSONAL)
    assert payload == before


def test_the_copy_shares_nothing_with_the_payload() -> None:
    payload = {"lines": [{"drug": "D1"}]}
    masked = mask(payload, PERSONAL)
    payload["lines"][0]["drug"] = "D2"
    assert masked == {"lines": [{"drug": "D1"}]}


def test_a_tuple_is_looked_into_like_a_list() -> None:
    assert mask({"lines": ({"buyer": TELLTALE}, {"drug": "D1"})}, PERSONAL) == {
        "lines": [{"buyer": MASK}, {"drug": "D1"}]
    }


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_a_field_without_a_value_can_be_told_from_one_with_a_value(nothing: Json) -> None:
    assert mask({"buyer": nothing}, PERSONAL) == {"buyer": nothing}


@pytest.mark.parametrize("value", ["A", "a much longer name", 0, False, 7, ["A"], {"name": "A"}])
def test_a_mask_tells_nothing_about_the_value(value: Json) -> None:
    assert mask({"buyer": value}, PERSONAL) == {"buyer": MASK}


@pytest.mark.parametrize(
    "name", ["password", "passwd", "pwd", "Authorization", "API_PASSWORD", "access_token", "token"]
)
def test_what_is_named_like_a_secret_is_masked_unasked(name: str) -> None:
    assert mask({"account": {name: "s3cret"}}, frozenset()) == {"account": {name: MASK}}
