"""Whether a document that was read back is the one that was sent.

An own code is used again the next year, or by mistake: adopting the id of another document would lose this one. Only
what the answer really holds is compared, since the form of this answer is known from one client alone.
"""

from collections.abc import Mapping
from datetime import datetime

from pharmasync.errors import ForeignDocumentError
from pharmasync.national.adapter import Stored
from pharmasync.national.http import Response
from pharmasync.national.v1 import answers
from pharmasync.national.v1.wire import Form
from pharmasync.words import Words

DAY_FORMS = ("%Y%m%d", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d%H%M", "%Y%m%d%H%M%S")

SILENT = frozenset({400, 403, 404, 405, 410, 501})
"""Refusals of a look-up, as a page or not: the document is not there, or there are no look-ups at all."""

NATIONAL = "_QG_"
"""What every known national id has in it."""


def read_found(response: Response, own: answers.Own, sent: Mapping[str, object], form: Form) -> Stored | None:
    """The stored document, where the answer shows that it is this one; None where it shows nothing.

    Raises:
        ForeignDocumentError: It is another document under the same code.
        UnavailableError: The server cannot answer now.
    """
    shows_a_page = response.status == answers.OK and answers.is_html(response)
    if response.status in SILENT or shows_a_page:
        return None
    answers.raise_unless_answered(response, own.hidden)
    answer = answers.parse(response)
    if response.status != answers.OK or not isinstance(answer, dict):
        return None
    if answers.code_of(answer) not in {None, answers.OK}:
        return None
    for place in reversed(answers.places_of(answer)):
        if _is_about(place, own):
            _raise_if_foreign(place, sent, form)
            return answers.stored_as(answers.id_of(answer, own), own)
    return None


def _is_about(found: Mapping[str, object], own: answers.Own) -> bool:
    """It names the own code, or (as in the list's form of an answer) a national id in its place."""
    code, national_id = found.get(own.code_key), found.get(own.id_key)
    if isinstance(code, str) and code != own.code:
        return national_id is None and NATIONAL in code
    return isinstance(code, str) or isinstance(national_id, str)


def _raise_if_foreign(found: Mapping[str, object], sent: Mapping[str, object], form: Form) -> None:
    for name, read in (("facility_code", str.strip), ("sale_date", _day)):
        key = form.word(name)
        theirs, ours = read(str(found.get(key) or "")), read(str(sent.get(key) or ""))
        if theirs and ours and theirs != ours:
            raise ForeignDocumentError(
                Words(
                    f"mã này đã có trên hệ thống quốc gia với {key} = {theirs[:50]}",
                    f"the national server has another document under this code ({name} differs)",
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
