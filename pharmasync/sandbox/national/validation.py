"""The check of a body: JSON, then the schema of its kind. The first fault found refuses it."""

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

# It ships no types, and the stubs of it are one more thing to install for one call.
from jsonschema import Draft202012Validator, FormatChecker, ValidationError  # type: ignore[import-untyped]

from pharmasync.sandbox.national.refusal import RefusedError
from pharmasync.sandbox.national.schemas import DATE_FORMAT, DOCUMENTS, LABELS, LOGIN

_DATE_LENGTH = 8
_LONGEST_NAME = 60

_REASONS = {
    "type": "{label} không đúng kiểu dữ liệu",
    "pattern": "{label} trống",
    "maxLength": "{label} dài quá {limit} ký tự",
    "format": "{label} không đúng định dạng",
    "minimum": "{label} phải từ {limit} trở lên",
    "exclusiveMinimum": "{label} phải lớn hơn {limit}",
    "enum": "{label} không có trong danh mục",
    "minItems": "{label} phải có ít nhất {limit} dòng",
}

_formats = FormatChecker(formats=())


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    if len(value) != _DATE_LENGTH or not (value.isascii() and value.isdigit()):
        return False
    try:
        date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return False
    return True


_formats.checks(DATE_FORMAT)(_is_date)
_documents = {name: Draft202012Validator(schema, format_checker=_formats) for name, schema in DOCUMENTS.items()}
_login = Draft202012Validator(LOGIN, format_checker=_formats)


def check_document(kind: str, content: object) -> None:
    """Check the content of a document of that kind.

    Raises:
        RefusedError: It breaks the schema; the reason names the field, the refusal its line.
    """
    _check(_documents[kind], content)


def read_login(body: bytes) -> dict[str, str]:
    """Read the body of a login.

    Raises:
        RefusedError: It is not JSON or breaks the schema.
    """
    content: dict[str, str] = read_json(body)
    _check(_login, content)
    return content


def read_json(body: bytes) -> Any:
    """Read strict JSON: UTF-8, no NaN, no number beyond a float.

    Raises:
        RefusedError: It is something else.
    """
    try:
        return json.loads(body.decode(), parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "Nội dung không phải JSON hợp lệ") from error


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _check(validator: Draft202012Validator, content: object) -> None:
    fault = next(validator.iter_errors(content), None)
    if fault is not None:
        raise _refusal(fault)


def _refusal(fault: ValidationError) -> RefusedError:
    line = next((step + 1 for step in fault.absolute_path if isinstance(step, int)), None)
    name = next((step for step in reversed(fault.absolute_path) if isinstance(step, str)), None)
    if fault.validator == "required":
        missing = next(field for field in fault.validator_value if field not in fault.instance)
        return RefusedError(400, f"{LABELS[missing]} trống ({missing})", line)
    if fault.validator == "additionalProperties":
        unknown = _first_unknown(fault.schema["properties"], fault.instance)
        return RefusedError(400, f"Trường không có trong đặc tả ({unknown})", line)
    if name is None:
        return RefusedError(400, "Nội dung phải là một đối tượng JSON", line)
    reason = _REASONS[fault.validator].format(label=LABELS[name], limit=fault.validator_value)
    return RefusedError(400, f"{reason} ({name})", line)


def _first_unknown(known: Mapping[str, object], content: Mapping[str, object]) -> str:
    return next(name for name in content if name not in known)[:_LONGEST_NAME]
