"""Where an answer carries what: its value, its code, its words, whatever the case of its keys.

The list and the clients differ in where fields stand, and ASP.NET, Flask and PHP in how they write keys and numbers.
"""

from collections.abc import Collection, Mapping

from pharmasync.national.http import Response
from pharmasync.national.v1.quoting import LONGEST, LONGEST_REFUSAL, quoted

OK = 200
BEYOND_CODES = 1_000_000_000
"""A number as large as this is no code."""

WORDS = ("message", "mess", "error")

DETAILS = ("errors", "modelstate", "details")
"""Where ASP.NET and others say of each field what is wrong with it, while the words only say that something is."""

DEEPEST = 4
"""So many values within values are shown."""


def parse(response: Response) -> object:
    """The JSON value of the body, or None where it is none."""
    try:
        return response.json()
    except ValueError:
        return None


def value_in(place: Mapping[str, object], key: str) -> object:
    """The value of a key in one place, None where there is none."""
    return next((value for name, value in place.items() if name.lower() == key and value is not None), None)


def value_of(answer: Mapping[str, object], key: str) -> object:
    """The value of a key, at the top or in "data"."""
    return next((value for place in places_of(answer) if (value := value_in(place, key)) is not None), None)


def places_of(answer: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Where an answer may carry its fields: at the top or wrapped in "data"."""
    inner = value_in(answer, "data")
    return [answer, inner] if isinstance(inner, dict) else [answer]


def code_of(answer: Mapping[str, object]) -> int | None:
    """The answer's own code, one other than 200 before a 200; None where there is none or it is no number.

    A code in "data" counts where the top has none, since it may be the document's beside one of the answer.
    """
    codes = [code for code in _codes(answer) if code is not None]
    return next((code for code in codes if code != OK), OK if codes else None)


def has_odd_code(answer: Mapping[str, object]) -> bool:
    """Whether it has a code that is no number, and so neither says that it is stored nor that it is refused."""
    return None in _codes(answer)


def has_empty_code(answer: Mapping[str, object]) -> bool:
    """Whether it has a code without a value."""
    return any(key.lower() == "code" and _is_blank(value) for key, value in answer.items())


def words_of(answer: object, hidden: Collection[str] = (), longest: int = LONGEST) -> str:
    """The API's own words without what is to be hidden, "" where there are none."""
    if isinstance(answer, str):
        return quoted(answer, hidden, longest)
    for place in places_of(answer) if isinstance(answer, dict) else []:
        for key in WORDS:
            found = value_in(place, key)
            if isinstance(found, str) and found.strip():
                return quoted(found, hidden, longest)
    return ""


def details_of(answer: object, hidden: Collection[str] = ()) -> str:
    """What it says of single fields beside its words, without what is to be hidden; "" where it does not."""
    for place in places_of(answer) if isinstance(answer, dict) else []:
        for key in DETAILS:
            found = value_in(place, key)
            if found and (shown := _flat(found, DEEPEST)):
                return quoted(shown, hidden, LONGEST_REFUSAL)
    return ""


def _flat(value: object, depth: int) -> str:
    """A value as a line: "so_lo: thiếu, quá dài; han_dung: thiếu"."""
    if value is None or depth == 0:
        return ""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {said}" for key, each in value.items() if (said := _flat(each, depth - 1)))
    if isinstance(value, list):
        return ", ".join(said for each in value if (said := _flat(each, depth - 1)))
    return str(value)


def _codes(answer: Mapping[str, object]) -> list[int | None]:
    """Every code of the first place that has one; None stands for one that is no number."""
    for place in places_of(answer):
        values = [value for key, value in place.items() if key.lower() == "code" and not _is_blank(value)]
        if values:
            return [_number(value) for value in values]
    return []


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:10])
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < BEYOND_CODES:
        return value
    return None


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
