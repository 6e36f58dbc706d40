"""What the national API accepts: its published tables, written as JSON schemas."""

from pharmasync.sandbox.national.kinds import INVOICE, ISSUE_SLIP, RECEIPT

Schema = dict[str, object]

DATE_FORMAT = "yyyymmdd"
"""The format name of a date such as ``20251231``; the check belongs to the validation."""


def _text(longest: int | None = None) -> Schema:
    return {"type": "string"} if longest is None else {"type": "string", "maxLength": longest}


def _filled(longest: int | None = None) -> Schema:
    return {**_text(longest), "pattern": r"\S"}


def _object(required: Schema, optional: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


def _lines(line: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": line}


_DATE: Schema = {"type": "string", "format": DATE_FORMAT}
_WHOLE_QUANTITY: Schema = {"type": "integer", "exclusiveMinimum": 0}
_RATIO: Schema = {"type": "number", "exclusiveMinimum": 0}
_AMOUNT: Schema = {"type": "number", "minimum": 0}

_INVOICE_LINE = _object(
    required={
        "ma_thuoc": _filled(50),
        "ten_thuoc": _filled(500),
        "so_lo": _filled(50),
        "han_dung": _DATE,
        "don_vi_tinh": _filled(50),
        "ham_luong": _filled(500),
        "lieu_dung": _filled(),
        "so_luong": _WHOLE_QUANTITY,
        "don_gia": _AMOUNT,
        "thanh_tien": _AMOUNT,
        "ty_le_quy_doi": _RATIO,
    },
    optional={
        "ngay_san_xuat": _DATE,
        "duong_dung": _text(200),
        "so_dang_ky": _text(50),
    },
)

_SLIP_LINE: Schema = {
    "ma_thuoc": _filled(50),
    "ten_thuoc": _filled(500),
    "so_lo": _filled(50),
    "han_dung": _DATE,
    "so_dklh": _filled(50),
    "so_luong": _WHOLE_QUANTITY,
    "don_vi_tinh": _filled(200),
}

_INVOICE = _object(
    required={
        "ma_hoa_don": _filled(50),
        "ma_co_so": _filled(50),
        "ngay_ban": _DATE,
        "hoa_don_chi_tiet": _lines(_INVOICE_LINE),
    },
    optional={
        "ma_don_thuoc_quoc_gia": _text(50),
        "ho_ten_nguoi_ban": _text(50),
        "ho_ten_khach_hang": _text(50),
    },
)

_RECEIPT: Schema = {
    **_object(
        required={
            "ma_phieu": _filled(50),
            "ma_co_so": _filled(50),
            "ngay_nhap": _DATE,
            "loai_phieu_nhap": {"type": "integer", "enum": [1, 2, 3]},
            "chi_tiet": _lines(_object(_SLIP_LINE, {"ngay_san_xuat": _DATE, "don_gia": _AMOUNT})),
        },
        optional={"ghi_chu": _text(500), "ten_co_so_cung_cap": _text(500)},
    ),
    # A receipt from a supplier names the supplier.
    "if": {"properties": {"loai_phieu_nhap": {"const": 1}}},
    "then": {"required": ["ten_co_so_cung_cap"], "properties": {"ten_co_so_cung_cap": _filled(500)}},
}

_ISSUE_SLIP = _object(
    required={
        "ma_phieu": _filled(50),
        "ma_co_so": _filled(50),
        "ngay_xuat": _DATE,
        "loai_phieu_xuat": {"type": "integer", "enum": [2, 3]},
        "ghi_chu": _text(500),
        "chi_tiet": _lines(_object({**_SLIP_LINE, "don_gia": _AMOUNT}, {"ngay_san_xuat": _DATE})),
    },
    optional={"ten_co_so_nhan": _text(500)},
)

LOGIN = _object(required={"usr": _filled(50), "pwd": _text(30)}, optional={})
"""The body of a login."""

DOCUMENTS = {INVOICE.name: _INVOICE, RECEIPT.name: _RECEIPT, ISSUE_SLIP.name: _ISSUE_SLIP}
"""The bodies of the documents by kind."""

LABELS = {
    "ma_hoa_don": "Mã hóa đơn",
    "ma_phieu": "Mã phiếu",
    "ma_co_so": "Mã cơ sở",
    "ma_don_thuoc_quoc_gia": "Mã đơn thuốc quốc gia",
    "ngay_ban": "Ngày bán",
    "ngay_nhap": "Ngày nhập",
    "ngay_xuat": "Ngày xuất",
    "ho_ten_nguoi_ban": "Họ tên người bán",
    "ho_ten_khach_hang": "Họ tên khách hàng",
    "loai_phieu_nhap": "Loại phiếu nhập",
    "loai_phieu_xuat": "Loại phiếu xuất",
    "ghi_chu": "Ghi chú",
    "ten_co_so_cung_cap": "Tên cơ sở cung cấp",
    "ten_co_so_nhan": "Tên cơ sở nhận",
    "hoa_don_chi_tiet": "Chi tiết hóa đơn",
    "chi_tiet": "Chi tiết phiếu",
    "ma_thuoc": "Mã thuốc",
    "ten_thuoc": "Tên thuốc",
    "so_lo": "Số lô",
    "ngay_san_xuat": "Ngày sản xuất",
    "han_dung": "Hạn dùng",
    "don_vi_tinh": "Đơn vị tính",
    "ham_luong": "Hàm lượng",
    "duong_dung": "Đường dùng",
    "lieu_dung": "Liều dùng",
    "so_dang_ky": "Số đăng ký",
    "so_dklh": "Số đăng ký lưu hành",
    "so_luong": "Số lượng",
    "don_gia": "Đơn giá",
    "thanh_tien": "Thành tiền",
    "ty_le_quy_doi": "Tỷ lệ quy đổi",
    "usr": "Tài khoản",
    "pwd": "Mật khẩu",
}
"""What refusals call the fields."""
