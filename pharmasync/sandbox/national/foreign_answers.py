"""An answer made into one about another document: the same words with other codes in them."""

import json

from aiohttp import web

from pharmasync.sandbox.national import answers

CODES = "ma_"
"""What the names of the fields with codes begin with."""

NATIONAL = "_QG_"
"""What a national id has in it."""

OTHER_CODE = "KHAC-0001"
OTHER_NUMBER = "99999999"
ID_PREFIX = len("HD_QG_")


def about_another(answer: web.Response) -> web.Response:
    """The answer with the codes of another document; a refusal, which has none, stays as it is."""
    content = json.loads(answer.body) if isinstance(answer.body, bytes) else {}
    return answers.json_answer(_changed(content), answer.status)


def _changed(content: object) -> object:
    if isinstance(content, str):
        return _other_code(content)
    if not isinstance(content, dict):
        return content
    return {name: _changed_field(name, value) for name, value in content.items()}


def _changed_field(name: str, value: object) -> object:
    if name.startswith(CODES) and isinstance(value, str):
        return _other_code(value)
    return _changed(value) if isinstance(value, dict) else value


def _other_code(code: str) -> str:
    return f"{code[:ID_PREFIX]}{OTHER_NUMBER}" if NATIONAL in code else OTHER_CODE
