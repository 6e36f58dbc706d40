"""What of an answer's words is shown to people: short, on one line, and without what must not be passed on.

Whatever an answer says is kept in SQL Server and in the journal, and a refusal may quote what was sent.
"""

import html
import json
import re
from collections.abc import Collection

LONGEST = 200
LONGEST_REFUSAL = 1000
"""What is wrong with each of a document's lines is what the pharmacist needs, to the last one."""

CUT = "…"
MASK = "***"
SHORTEST_HIDDEN = 2
"""A single letter names nobody, and stands in every sentence."""

TOKEN = re.compile(r"\bbearer\s+[^\s\"',;]+|\beyJ[\w-]+\.[\w-]+\.[\w-]*", re.IGNORECASE)
"""A token as it was sent, or a JSON Web Token."""


MARKUP = re.compile(r"<(script|style)\b.*?(</\1\s*>|\Z)|<!--.*?(-->|\Z)|<[^>]*(>|\Z)", re.IGNORECASE | re.DOTALL)


def quoted(text: str, hidden: Collection[str] = (), longest: int = LONGEST) -> str:
    """The beginning of a text, printable, on one line, without tokens.

    Args:
        text: The API's words, or the beginning of a body.
        hidden: What names a person, or is a password: masked wherever it stands as a whole.
        longest: How many characters are shown.
    """
    line = _on_one_line(text)
    for value in sorted(hidden, key=len, reverse=True):
        line = _without(_on_one_line(value), line)
    line = TOKEN.sub(MASK, line)
    return line if len(line) <= longest else line[: longest - len(CUT)] + CUT


def words_of_page(text: str) -> str:
    """What a page of HTML says to people: the tags would tell a pharmacist nothing."""
    return html.unescape(MARKUP.sub(" ", text))


def _on_one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _without(value: str, line: str) -> str:
    """The line without the value, as it is or as JSON may write it."""
    if len(value) < SHORTEST_HIDDEN:
        return line
    for form in {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}:
        line = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", MASK, line, flags=re.IGNORECASE)
    return line
