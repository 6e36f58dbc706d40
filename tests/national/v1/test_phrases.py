"""What the API's words say of the document."""

import unicodedata

import pytest

from pharmasync.national.v1.phrases import Said, said_by


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    "words",
    [
        "Hoá đơn đã tồn tại",
        "Phiếu nhập PN-1 đã có trên hệ thống",
        "Mã phiếu bị trùng",
        "Trùng mã hóa đơn",
        "Invoice already exists",
        "Duplicate receipt",
        "Duplicate key",
        "Hoá đơn bán thuốc đã tồn tại",
        "Phiếu nhập thuốc của nhà thuốc đã tồn tại",
        "Hoa don ban thuoc da ton tai",
        "Hoá đơn đã tồn tại tại cơ sở 79-00012",
        "Invoice already exists, see it online",
        "Hoa don da ton tai",
        "PHIEU DA TON TAI",
        "Mã hóa đơn của cơ sở bán lẻ thuốc đã tồn tại",
        "Phiếu đã được gửi trước đó",
        "Hoá đơn này đã liên thông",
        "Phiếu nhập đã được liên thông",
        "Chứng từ đã được tiếp nhận",
    ],
)
def test_the_document_is_there(words: str, form: str) -> None:
    assert said_by(unicodedata.normalize(form, words)) is Said.STORED  # type: ignore[arg-type] # known forms


@pytest.mark.parametrize(
    "words",
    [
        "Phiếu PN1 không tồn tại",
        "Không tìm thấy hoá đơn bán thuốc",
        "Phiếu chưa được gửi",
        "Phieu chua duoc gui",
        "Không có phiếu này",
        "Khong co hoa don nay",
        "Chứng từ chưa tồn tại",
        "không tìm thấy",
        "khong tim thay phieu",
        "Phieu nay khong ton tai",
        "Not found",
        "Phiếu chưa được liên thông",
        "Hoá đơn không có trên hệ thống",
    ],
)
def test_the_document_is_unknown(words: str) -> None:
    assert said_by(words) is Said.UNKNOWN


@pytest.mark.parametrize(
    "words",
    [
        "Trùng số lô ở dòng 3",
        "Trùng dòng trong phiếu",
        "Phiếu có mã thuốc DT-1 trùng ở dòng 2",
        "Chi tiết hoá đơn bị trùng",
        "Mã thuốc đã tồn tại trong hoá đơn",
        "Phiếu: số lô A1 đã tồn tại",
        "Duplicate line 2 in invoice",
        "Duplicate entry 'A1' for key 'lot_number'",
        "Lot already exists in this receipt",
        "Duplicate drug code in document",
        "Tài khoản đã tồn tại",
        "Mã thuốc 5 không tồn tại trong danh mục",
        "Mã thuốc 5 của hoá đơn không tồn tại",
        "Mã cơ sở không tồn tại",
        "Ma thuoc khong ton tai",
        "Trung ma thuoc da ton tai trong phieu",
        "Drug not found",
        "Thuốc DT-1 đã tồn tại trong hoá đơn",
        "Drug already exists in invoice",
        "Sản phẩm bị trùng trong phiếu",
        "Mã đơn thuốc của hoá đơn không tồn tại",
        "Hoá đơn đã tồn tại, đơn thuốc không tìm thấy",
    ],
)
def test_something_else_is_there_or_unknown(words: str) -> None:
    assert said_by(words) is Said.SOMETHING_ELSE


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Mã phiếu trống",
        "Không có phiếu nhập kho cho mặt hàng",
        "Mã cơ sở không trùng khớp với tài khoản",
        "Ngày bán không trùng với ngày lập hoá đơn",
        "Nguoi ban Trung khong hop le trong hoa don",
    ],
)
def test_nothing_is_said_of_what_is_there(words: str) -> None:
    assert said_by(words) is Said.NOTHING
