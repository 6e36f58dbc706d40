"""Whether a document that was read back is the one that was sent.

An own code is used again the next year, or by mistake: adopting the id of another document would lose this one. Only
what the answer really holds is compared, since the form of this answer is known from one client alone.
"""

from collections.abc import Mapping
from datetime import datetime

from pharmasync.errors import ForeignDocumentError, NotStoredError
from pharmasync.national.adapter import Stored
from pharmasync.national.http import Response
from pharmasync.national.v1 import answers
from pharmasync.national.v1.fields import OK, code_of, has_odd_code, parse, places_of, value_in, words_of
from pharmasync.national.v1.ids import NATIONAL, Own, folded, id_of
from pharmasync.national.v1.phrases import UNKNOWN, Said, said_by, says
from pharmasync.national.v1.wire import Form
from pharmasync.words import Words

DAY_FORMS = ("%Y%m%d", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d%H%M", "%Y%m%d%H%M%S")

SILENT = frozenset({400, 403, 404, 405, 410, 501})
"""Refusals of a look-up, as a page or not: the document is not there, or there are no look-ups at all."""


INVOICE = ("hoá đơn", "hóa đơn", "invoice")
"""What a refusal must name, lest a server without look-ups that says "Not Found" be taken to speak of the document."""


def read_found(response: Response, own: Own, sent: Mapping[str, object], form: Form) -> Stored | None:
    """The stored document, where the answer shows that it is this one; None where it shows nothing.

    Raises:
        ForeignDocumentError: It is another document under the same code.
        NotStoredError: The API says of the document that it is not there.
        TokenRefusedError: 401, as status or as code of a 200.
        UnavailableError: The server cannot answer now.
    """
    answer = parse(response)
    if isinstance(answer, dict) and _says_absent(answer, response.status, own):
        raise NotStoredError(words_of(answer, own.hidden()) or "HTTP 404", http_status=response.status)
    shows_a_page = response.status == OK and response.is_html
    if response.status in SILENT or shows_a_page:
        return None
    answers.raise_unless_answered(response, own.hidden)
    if response.status != OK or not isinstance(answer, dict) or not _says_found(answer, response, own):
        return None
    for place in reversed(places_of(answer)):
        if _is_about(place, own) and not (place is answer and _wraps_nothing(answer, own)):
            _raise_if_foreign(place, sent, form)
            return answers.stored_as(id_of(answer, own))
    return None


def _says_absent(answer: Mapping[str, object], status: int, own: Own) -> bool:
    """Whether it says of the document itself that it is not there, and shows none."""
    if status not in {OK, *SILENT} or id_of(answer, own) is not None:
        return False
    words = words_of(answer)
    said = said_by(words)
    if status == OK:
        return said is Said.UNKNOWN or (said is Said.NOTHING and code_of(answer) == answers.NOT_FOUND)
    return said is Said.UNKNOWN and says(words, INVOICE)


def _says_found(answer: Mapping[str, object], response: Response, own: Own) -> bool:
    """Whether neither its code nor its words say that there is nothing, or nothing now."""
    code = code_of(answer)
    if code is not None and code not in SILENT:
        answers.raise_if_not_now(code, response, own.hidden)
    return code in {None, OK} and not has_odd_code(answer) and not says(words_of(answer), UNKNOWN)


def _wraps_nothing(answer: Mapping[str, object], own: Own) -> bool:
    """Whether what would hold the document is empty, so that what stands beside it only repeats the question."""
    empty = any(key.lower() == "data" and not value for key, value in answer.items())
    return empty and id_of(answer, own) is None


def _is_about(found: Mapping[str, object], own: Own) -> bool:
    """It names the own code, or (as in the list's form of an answer) a national id in its place."""
    code, national_id = value_in(found, own.code_key), value_in(found, own.id_key)
    if isinstance(code, str) and not own.is_code(code):
        return NATIONAL in code and (national_id is None or folded(national_id) == folded(code))
    return isinstance(code, str) or isinstance(national_id, str)


def _raise_if_foreign(found: Mapping[str, object], sent: Mapping[str, object], form: Form) -> None:
    for name, read, called in COMPARED:
        key = form.word(name)
        theirs, ours = (str(place or "") for place in (value_in(found, key), sent.get(key)))
        if read(theirs) and read(ours) and read(theirs) != read(ours):
            raise ForeignDocumentError(
                Words(
                    f"hệ thống quốc gia đã có chứng từ khác mang mã này ({called.vi} {theirs.strip()[:50]})",
                    f"the national server has another document under this code ({called.en} {theirs.strip()[:50]})",
                )
            )


def _day(value: str) -> str:
    """A day as ``yyyyMMdd`` where it came in a known form, "" where it did not, which then says nothing."""
    for form in DAY_FORMS:
        try:
            return datetime.strptime(value.strip(), form).strftime("%Y%m%d")  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return ""


COMPARED = (
    ("facility_code", folded, Words("mã cơ sở", "facility code")),
    ("sale_date", _day, Words("ngày bán", "date of sale")),
)
"""What must be the same in both, how it is read, and what people call it."""
