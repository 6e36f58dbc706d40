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
        "Phiếu này đã gửi trước đó rồi",
        "Hoá đơn này đã liên thông",
        "Hoá đơn của cửa hàng Dong A đã tồn tại",
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
        "Phiếu chưa liên thông",
        "Không có hoá đơn này",
        "Không có hóa đơn này",
        "Không có chứng từ này",
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
        "Phiếu đã tồn tại, phiếu không tồn tại",
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
        "Tổng tiền trùng khớp, ngày bán để trống",
        "Ngày bán không trùng với ngày lập hoá đơn",
        "Nguoi ban Trung khong hop le trong hoa don",
    ],
)
def test_nothing_is_said_of_what_is_there(words: str) -> None:
    assert said_by(words) is Said.NOTHING


@pytest.mark.parametrize("document", ["Phiếu", "Phieu", "Hoá đơn", "Hóa đơn", "Hoa don", "Chứng từ", "Chung tu"])
def test_a_document_that_is_named_is_meant_and_not_the_facility_beside_it(document: str) -> None:
    accents = not document.isascii()
    assert said_by(f"{document} {'đã tồn tại ở cơ sở' if accents else 'da ton tai o co so'} 79-1") is Said.STORED
    assert said_by(f"{document} {'không tồn tại ở cơ sở' if accents else 'khong ton tai o co so'} 79-1") is Said.UNKNOWN


@pytest.mark.parametrize("document", ["Document", "Invoice", "Receipt", "Slip"])
def test_so_is_one_that_is_named_in_english(document: str) -> None:
    assert said_by(f"{document} already exists for this facility and account") is Said.STORED
    assert said_by(f"{document} not found for this facility and account") is Said.UNKNOWN


@pytest.mark.parametrize(
    "part", ["dòng 2", "chi tiết 2", "lô A1", "thuốc DT-1", "sản phẩm 2", "mặt hàng 2", "số đăng ký VD-1"]
)
def test_a_part_of_the_document_is_something_else_although_the_document_is_named(part: str) -> None:
    assert said_by(f"Phiếu có {part} đã tồn tại") is Said.SOMETHING_ELSE
    assert said_by(f"Phiếu có {part} không tồn tại") is Said.SOMETHING_ELSE


@pytest.mark.parametrize("part", ["line 2", "lot A1", "item 2", "drug DT-1", "product 2", "prescription 2"])
def test_so_is_one_that_is_named_in_english_beside_its_invoice(part: str) -> None:
    assert said_by(f"Duplicate {part} in invoice") is Said.SOMETHING_ELSE
    assert said_by(f"{part} of the invoice not found") is Said.SOMETHING_ELSE


@pytest.mark.parametrize("other", ["Cơ sở", "Tài khoản", "Facility", "Account"])
def test_what_is_not_the_document_is_something_else(other: str) -> None:
    assert said_by(f"{other} already exists") is Said.SOMETHING_ELSE
    assert said_by(f"{other} does not exist") is Said.SOMETHING_ELSE


@pytest.mark.parametrize("seller", ["bán thuốc", "bán lẻ thuốc", "nhập thuốc", "xuất thuốc", "nhà thuốc", "quầy thuốc"])
def test_a_drug_in_the_name_of_a_document_or_a_pharmacy_is_no_part_of_the_document(seller: str) -> None:
    assert said_by(f"Phiếu của {seller} đã tồn tại") is Said.STORED
