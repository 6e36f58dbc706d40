import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from pharmasync.sandbox.national import PracticeNationalAPI

pytestmark = pytest.mark.integration

Call = Callable[..., requests.Response]
Body = dict[str, Any]

ABSENT = object()

REFUSED_FIELDS = [
    ("hoa_don", "ma_hoa_don", ABSENT, "Mã hóa đơn trống (ma_hoa_don)"),
    ("hoa_don", "ma_hoa_don", " ", "Mã hóa đơn trống (ma_hoa_don)"),
    ("hoa_don", "ma_hoa_don", 1, "Mã hóa đơn không đúng kiểu dữ liệu (ma_hoa_don)"),
    ("hoa_don", "ma_co_so", "x" * 51, "Mã cơ sở dài quá 50 ký tự (ma_co_so)"),
    ("hoa_don", "ho_ten_khach_hang", "x" * 51, "Họ tên khách hàng dài quá 50 ký tự (ho_ten_khach_hang)"),
    ("hoa_don", "ho_ten_nguoi_ban", None, "Họ tên người bán không đúng kiểu dữ liệu (ho_ten_nguoi_ban)"),
    ("hoa_don", "ngay_ban", "2026-01-31", "Ngày bán không đúng định dạng (ngay_ban)"),
    ("hoa_don", "ngay_ban", "20260229", "Ngày bán không đúng định dạng (ngay_ban)"),
    ("hoa_don", "ngay_ban", "２０２６０１０１", "Ngày bán không đúng định dạng (ngay_ban)"),
    ("hoa_don", "ngay_ban", "", "Ngày bán không đúng định dạng (ngay_ban)"),
    ("hoa_don", "hoa_don_chi_tiet", [], "Chi tiết hóa đơn phải có ít nhất 1 dòng (hoa_don_chi_tiet)"),
    ("hoa_don", "hoa_don_chi_tiet", {}, "Chi tiết hóa đơn không đúng kiểu dữ liệu (hoa_don_chi_tiet)"),
    ("hoa_don", "tong_tien", 5, "Trường không có trong đặc tả (tong_tien)"),
    ("phieu_nhap", "ma_phieu", "", "Mã phiếu trống (ma_phieu)"),
    ("phieu_nhap", "loai_phieu_nhap", 4, "Loại phiếu nhập không có trong danh mục (loai_phieu_nhap)"),
    ("phieu_nhap", "loai_phieu_nhap", "1", "Loại phiếu nhập không đúng kiểu dữ liệu (loai_phieu_nhap)"),
    ("phieu_nhap", "ten_co_so_cung_cap", ABSENT, "Tên cơ sở cung cấp trống (ten_co_so_cung_cap)"),
    ("phieu_nhap", "ten_co_so_cung_cap", "", "Tên cơ sở cung cấp trống (ten_co_so_cung_cap)"),
    ("phieu_nhap", "ghi_chu", "x" * 501, "Ghi chú dài quá 500 ký tự (ghi_chu)"),
    ("phieu_xuat", "loai_phieu_xuat", 1, "Loại phiếu xuất không có trong danh mục (loai_phieu_xuat)"),
    ("phieu_xuat", "ghi_chu", ABSENT, "Ghi chú trống (ghi_chu)"),
    ("phieu_xuat", "ten_co_so_cung_cap", "x", "Trường không có trong đặc tả (ten_co_so_cung_cap)"),
]

REFUSED_LINE_FIELDS = [
    ("hoa_don", "so_lo", ABSENT, "Số lô trống (so_lo)"),
    ("hoa_don", "lieu_dung", "", "Liều dùng trống (lieu_dung)"),
    ("hoa_don", "han_dung", "20281301", "Hạn dùng không đúng định dạng (han_dung)"),
    ("hoa_don", "ten_thuoc", "x" * 501, "Tên thuốc dài quá 500 ký tự (ten_thuoc)"),
    ("hoa_don", "duong_dung", "x" * 201, "Đường dùng dài quá 200 ký tự (duong_dung)"),
    ("hoa_don", "so_luong", 0, "Số lượng phải lớn hơn 0 (so_luong)"),
    ("hoa_don", "so_luong", 1.5, "Số lượng không đúng kiểu dữ liệu (so_luong)"),
    ("hoa_don", "so_luong", True, "Số lượng không đúng kiểu dữ liệu (so_luong)"),
    ("hoa_don", "don_gia", -1, "Đơn giá phải từ 0 trở lên (don_gia)"),
    ("hoa_don", "thanh_tien", "1000", "Thành tiền không đúng kiểu dữ liệu (thanh_tien)"),
    ("hoa_don", "ty_le_quy_doi", 0, "Tỷ lệ quy đổi phải lớn hơn 0 (ty_le_quy_doi)"),
    ("hoa_don", "so_dklh", "VD-1", "Trường không có trong đặc tả (so_dklh)"),
    ("phieu_nhap", "so_dklh", ABSENT, "Số đăng ký lưu hành trống (so_dklh)"),
    ("phieu_nhap", "don_vi_tinh", "x" * 201, "Đơn vị tính dài quá 200 ký tự (don_vi_tinh)"),
    ("phieu_xuat", "don_gia", ABSENT, "Đơn giá trống (don_gia)"),
]

ACCEPTED_FIELDS = [
    ("hoa_don", "ma_hoa_don", "x" * 50),
    ("hoa_don", "ho_ten_nguoi_ban", "Ễ" * 50),
    ("hoa_don", "ma_don_thuoc_quoc_gia", ABSENT),
    ("hoa_don", "ngay_ban", "20240229"),
    ("phieu_nhap", "ghi_chu", ABSENT),
    ("phieu_xuat", "ten_co_so_nhan", "Công ty dược"),
]


def with_field(content: Body, name: str, value: object) -> Body:
    changed = {key: item for key, item in content.items() if key != name}
    return changed if value is ABSENT else changed | {name: value}


@pytest.mark.parametrize("kind", ["hoa_don", "phieu_nhap", "phieu_xuat"])
def test_a_document_as_the_tables_ask_for_it_is_accepted(send: Call, documents: dict[str, Body], kind: str) -> None:
    assert send(kind, documents[kind]).status_code == 200


@pytest.mark.parametrize(("kind", "name", "value"), ACCEPTED_FIELDS)
def test_a_field_at_its_bounds_is_accepted(
    send: Call, documents: dict[str, Body], kind: str, name: str, value: object
) -> None:
    assert send(kind, with_field(documents[kind], name, value)).status_code == 200


@pytest.mark.parametrize(("kind", "name", "value", "message"), REFUSED_FIELDS)
def test_a_wrong_field_is_refused_by_name(  # noqa: PLR0913, PLR0917  # a row of the table and what sends it
    api: PracticeNationalAPI,
    send: Call,
    documents: dict[str, Body],
    kind: str,
    name: str,
    value: object,
    message: str,
) -> None:
    answer = send(kind, with_field(documents[kind], name, value))

    assert (answer.status_code, answer.json()) == (400, {"code": 400, "message": message})
    assert api.store.documents() == []


@pytest.mark.parametrize(("kind", "name", "value", "message"), REFUSED_LINE_FIELDS)
def test_a_wrong_field_of_a_line_is_refused_with_the_number_of_the_line(  # noqa: PLR0913, PLR0917  # likewise
    send: Call, documents: dict[str, Body], kind: str, name: str, value: object, message: str
) -> None:
    document = documents[kind]
    lines = document["hoa_don_chi_tiet" if kind == "hoa_don" else "chi_tiet"]
    lines.append(with_field(lines[0], name, value))

    answer = send(kind, document)

    assert (answer.status_code, answer.json()["message"]) == (400, f"Dòng {len(lines)}: {message}")


@pytest.mark.parametrize("kind_of_receipt", [2, 3])
def test_a_receipt_from_nobody_needs_no_supplier(send: Call, receipt: Body, kind_of_receipt: int) -> None:
    body = with_field(receipt, "ten_co_so_cung_cap", ABSENT) | {"loai_phieu_nhap": kind_of_receipt}

    assert send("phieu_nhap", body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"ma_hoa_don": NaN}', b'{"ma_hoa_don": 1e999}', b'{"ma_hoa_don": "\xff"}', b"[" * 100_000],
    ids=["empty", "cut", "nan", "beyond a float", "not utf-8", "nested too deep"],
)
def test_a_body_that_is_not_json_is_refused(call: Call, body: bytes) -> None:
    answer = call("POST", "/api/lien_thong/hoa_don", data=body)

    assert (answer.status_code, answer.json()["message"]) == (400, "Nội dung không phải JSON hợp lệ")


@pytest.mark.parametrize("content", [[], "x", None, 1])
def test_a_body_that_is_not_an_object_is_refused(call: Call, content: object) -> None:
    answer = call("POST", "/api/lien_thong/hoa_don", data=json.dumps(content))

    assert (answer.status_code, answer.json()["message"]) == (400, "Nội dung phải là một đối tượng JSON")


def test_put_checks_the_body_like_post(send: Call, invoice: Body) -> None:
    assert send("hoa_don", invoice | {"ngay_ban": "x"}, "PUT").status_code == 400
