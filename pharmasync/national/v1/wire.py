"""The wire form of version 1: a dictionary from the documents' English names to the API's Vietnamese ones.

Dates become ``yyyyMMdd``, whole numbers lose their decimal point, absent values are left out (API list, all tables).
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import attrs
from attrs import frozen
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, Document, DocumentType
from pharmasync.errors import UnwritableTypeError

WORDS = {
    "facility_code": "ma_co_so",
    "local_invoice_id": "ma_hoa_don",
    "local_receipt_id": "ma_phieu",
    "local_slip_id": "ma_phieu",
    "national_prescription_id": "ma_don_thuoc_quoc_gia",
    "sale_date": "ngay_ban",
    "receipt_date": "ngay_nhap",
    "issue_date": "ngay_xuat",
    "receipt_type": "loai_phieu_nhap",
    "issue_type": "loai_phieu_xuat",
    "seller_name": "ho_ten_nguoi_ban",
    "customer_name": "ho_ten_khach_hang",
    "supplier_name": "ten_co_so_cung_cap",
    "recipient_name": "ten_co_so_nhan",
    "notes": "ghi_chu",
    "lines": "chi_tiet",
    "drug_code": "ma_thuoc",
    "drug_name": "ten_thuoc",
    "lot_number": "so_lo",
    "production_date": "ngay_san_xuat",
    "expiry_date": "han_dung",
    "unit": "don_vi_tinh",
    "concentration": "ham_luong",
    "route_of_administration": "duong_dung",
    "dosage": "lieu_dung",
    "registration_number": "so_dklh",
    "quantity": "so_luong",
    "unit_price": "don_gia",
    "line_total": "thanh_tien",
    "conversion_ratio": "ty_le_quy_doi",
}
"""Every field's name on the wire; what differs in one document stands in its form."""


@frozen(kw_only=True)
class Form:
    """What is particular to one document on the wire.

    Attributes:
        path: The last part of its address.
        national_id: The key of the id that the API gives.
        readable: Whether GET path/facility/code is known to exist.
        words: The names that differ from :data:`WORDS`.
    """

    path: str
    national_id: str
    readable: bool = False
    words: Mapping[str, str] = attrs.field(factory=dict)

    def word(self, name: str) -> str:
        """The wire's name of a field."""
        return self.words.get(name) or WORDS[name]


FORMS = {
    SALES_INVOICE.name: Form(
        path="hoa_don",
        national_id="ma_hoa_don_quoc_gia",
        readable=True,
        words={"lines": "hoa_don_chi_tiet", "registration_number": "so_dang_ky"},
    ),
    PURCHASE_RECEIPT.name: Form(path="phieu_nhap", national_id="ma_phieu_nhap_quoc_gia"),
    GOODS_ISSUE_SLIP.name: Form(path="phieu_xuat", national_id="ma_phieu_xuat_quoc_gia"),
}


def wire_form(kind: DocumentType, document: Document) -> dict[str, object]:
    """The body of a create or correct call, as JSON's types."""
    form: dict[str, object] = _converter(kind).unstructure(document)
    return form


def check_forms(kinds: tuple[DocumentType, ...]) -> None:
    """Makes sure that every document can be written, before the first one is.

    Raises:
        UnwritableTypeError: A type has no form, or a field no word.
    """
    for kind in kinds:
        form = FORMS.get(kind.name)
        if form is None:
            raise UnwritableTypeError(f"document type {kind.name} has no form in national/v1/wire.py (FORMS)")
        for cls in (kind.document, kind.line):
            for name in (a.name for a in attrs.fields(cls)):
                if name not in form.words and name not in WORDS:
                    raise UnwritableTypeError(f"{kind.name}.{name} has no word in national/v1/wire.py (WORDS)")


def personal_words(kinds: tuple[DocumentType, ...]) -> frozenset[str]:
    """The wire's names of the fields that name a person."""
    return frozenset(FORMS[kind.name].word(name) for kind in kinds for name in kind.personal_fields)


def _day(value: date) -> str:
    return value.isoformat().replace("-", "")


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


@cache
def _converter(kind: DocumentType) -> Converter:
    converter = Converter()
    converter.register_unstructure_hook(date, _day)
    converter.register_unstructure_hook(Decimal, _number)
    form = FORMS[kind.name]
    for cls in (kind.line, kind.document):
        converter.register_unstructure_hook(cls, _without_absent(cls, form, converter))
    return converter


def _without_absent(cls: type[Any], form: Form, converter: Converter) -> Callable[[Any], dict[str, object]]:
    renamed = {a.name: override(rename=form.word(a.name)) for a in attrs.fields(cls)}
    unstructure = make_dict_unstructure_fn(cls, converter, **renamed)  # type: ignore[arg-type] # one override a field

    def present(value: Any) -> dict[str, object]:
        return {key: item for key, item in unstructure(value).items() if item is not None}

    return present
