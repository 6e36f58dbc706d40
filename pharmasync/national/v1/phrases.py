"""What the API's words say of the document: that it is stored already, that it is unknown, or nothing.

The texts of refusals are in no list. So words count only where they are about the document: "Trùng số lô ở dòng 3" is
no document that exists, and "Mã thuốc không tồn tại" is none that is unknown.
"""

import re
import unicodedata
from enum import Enum

ALREADY = (
    *("đã tồn tại", "đã có trên hệ thống", "đã được gửi", "đã gửi trước", "đã liên thông", "đã được liên thông"),
    *("đã được tiếp nhận", "already exist", "duplicate", "trùng"),
)
UNKNOWN = (
    "không tồn tại",
    "chưa tồn tại",
    "không tìm thấy",
    *("chưa được gửi", "chưa liên thông", "chưa được liên thông", "không có trên hệ thống"),
    "không có phiếu này",
    "không có hoá đơn này",
    "không có hóa đơn này",
    "không có chứng từ này",
    "not found",
    "does not exist",
)
OTHERWISE = ("trùng khớp", "không trùng")
"""What has a phrase in it and says something else: that two values do not match."""

DOCUMENT = ("phiếu", "hoá đơn", "hóa đơn", "chứng từ", "document", "invoice", "receipt", "slip")
A_PART_OF_IT = (
    *("dòng", "chi tiết", "lô", "thuốc", "sản phẩm", "mặt hàng", "số đăng ký"),
    *("line", "lot", "item", "drug", "product", "prescription"),
)
"""What no mention of the document outweighs: it stands in "Phiếu có mã thuốc trùng ở dòng 3" as well."""

NO_PART_OF_IT = ("bán thuốc", "bán lẻ thuốc", "nhập thuốc", "xuất thuốc", "nhà thuốc", "quầy thuốc")
"""What names no drug: "hoá đơn bán thuốc" is a document, "nhà thuốc" is a pharmacy."""

SOMETHING_ELSE = ("cơ sở", "tài khoản", "facility", "account")
"""What the words are about where they do not mention the document."""

WITH_ACCENTS_ONLY = ("trùng",)
"""What is another word without them: "trung" is a name, and "middle"."""


class Said(Enum):
    """What the API's words say."""

    STORED = "stored"
    UNKNOWN = "unknown"
    SOMETHING_ELSE = "something else"
    """That something exists or is unknown, but not, or not surely, the document."""
    NOTHING = "nothing"


def said_by(words: str) -> Said:
    """What the words say of the document."""
    stored, unknown = says(_without(words, OTHERWISE), ALREADY), says(words, UNKNOWN)
    if not stored and not unknown:
        return Said.NOTHING
    if (stored and unknown) or not _are_about_the_document(words):
        return Said.SOMETHING_ELSE
    return Said.STORED if stored else Said.UNKNOWN


def says(words: str, phrases: tuple[str, ...]) -> bool:
    """Whether one of the phrases is among the words, in any form of Unicode, and without accents if they have none."""
    folded = _folded(words)
    return any(form in folded for phrase in phrases for form in _forms(phrase, folded))


def _are_about_the_document(words: str) -> bool:
    folded = _without(words, NO_PART_OF_IT)
    if any(_stands_alone(part, folded) for part in A_PART_OF_IT):
        return False
    return says(words, DOCUMENT) or not any(_stands_alone(part, folded) for part in SOMETHING_ELSE)


def _stands_alone(phrase: str, folded: str) -> bool:
    """Whether it is there as a word: "line" is not in "online"; "lot" is in "lot_number"."""
    return any(re.search(rf"(?<![^\W_]){re.escape(form)}(?![^\W_])", folded) for form in _forms(phrase, folded))


def _forms(phrase: str, folded: str) -> tuple[str, ...]:
    """The phrase, and its form without accents for words that have none at all."""
    if phrase.isascii() or not folded.isascii() or phrase in WITH_ACCENTS_ONLY:
        return (phrase,)
    bare = unicodedata.normalize("NFD", phrase.replace("đ", "d"))
    return (phrase, bare.encode("ascii", "ignore").decode())


def _folded(words: str) -> str:
    return unicodedata.normalize("NFC", words).casefold()


def _without(words: str, phrases: tuple[str, ...]) -> str:
    folded = _folded(words)
    for phrase in phrases:
        for form in _forms(phrase, folded):
            folded = folded.replace(form, " ")
    return folded
