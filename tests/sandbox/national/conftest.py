from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from pharmasync.sandbox.national import PracticeNationalAPI

LOGIN = "/api/tai_khoan/dang_nhap"

Body = dict[str, Any]
Call = Callable[..., requests.Response]


@pytest.fixture
def api() -> Iterator[PracticeNationalAPI]:
    with PracticeNationalAPI() as running:
        yield running


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        # A proxy of the machine has no business between a test and its own loopback server.
        opened.trust_env = False
        yield opened


@pytest.fixture
def anonymous(api: PracticeNationalAPI, session: requests.Session) -> Call:
    """Calls the practice server without a token: ``anonymous("GET", path)``."""

    def call(method: str, path: str, **options: Any) -> requests.Response:
        return session.request(method, api.url + path, timeout=10, allow_redirects=False, **options)

    return call


@pytest.fixture
def log_in(anonymous: Call) -> Call:
    """Logs in: ``log_in()``, or ``log_in(account, password)``."""

    def call(*credentials: str) -> requests.Response:
        usr, pwd = credentials or ("nhathuoc", "matkhau")
        return anonymous("POST", LOGIN, json={"usr": usr, "pwd": pwd})

    return call


@pytest.fixture
def call(session: requests.Session, anonymous: Call, log_in: Call) -> Call:
    """Calls the practice server with a good token."""
    session.headers["Authorization"] = "bearer " + log_in().json()["token"]
    return anonymous


@pytest.fixture
def send(call: Call) -> Call:
    """Sends a document: ``send("hoa_don", invoice)``, or ``send("hoa_don", invoice, "PUT")``."""

    def post(kind: str, body: Body, method: str = "POST") -> requests.Response:
        return call(method, f"/api/lien_thong/{kind}", json=body)

    return post


@pytest.fixture
def invoice() -> Body:
    return {
        "ma_hoa_don": "HD1",
        "ma_co_so": "CS1",
        "ma_don_thuoc_quoc_gia": "DT1",
        "ngay_ban": "20260131",
        "ho_ten_nguoi_ban": "Nguyễn Thị Bán",
        "ho_ten_khach_hang": "",
        "hoa_don_chi_tiet": [invoice_line(), invoice_line()],
    }


def invoice_line() -> Body:
    return {
        "ma_thuoc": "T1",
        "ten_thuoc": "Paracetamol",
        "so_lo": "L1",
        "ngay_san_xuat": "20250101",
        "han_dung": "20280229",
        "don_vi_tinh": "Viên",
        "ham_luong": "500mg",
        "duong_dung": "Uống",
        "lieu_dung": "Ngày 2 lần",
        "so_dang_ky": "VD-1",
        "so_luong": 20,
        "don_gia": 1000,
        "thanh_tien": 20000.5,
        "ty_le_quy_doi": 1,
    }


@pytest.fixture
def receipt() -> Body:
    return {
        "ma_phieu": "PN1",
        "ma_co_so": "CS1",
        "ngay_nhap": "20260131",
        "loai_phieu_nhap": 1,
        "ten_co_so_cung_cap": "Công ty dược",
        "chi_tiet": [slip_line()],
    }


@pytest.fixture
def issue_slip() -> Body:
    return {
        "ma_phieu": "PX1",
        "ma_co_so": "CS1",
        "ngay_xuat": "20260131",
        "loai_phieu_xuat": 3,
        "ghi_chu": "",
        "chi_tiet": [slip_line() | {"don_gia": 0}],
    }


def slip_line() -> Body:
    return {
        "ma_thuoc": "T1",
        "ten_thuoc": "Paracetamol",
        "so_lo": "L1",
        "han_dung": "20280229",
        "so_dklh": "VD-1",
        "so_luong": 5,
        "don_vi_tinh": "Hộp",
    }


@pytest.fixture
def documents(invoice: Body, receipt: Body, issue_slip: Body) -> dict[str, Body]:
    """A valid document of each kind."""
    return {"hoa_don": invoice, "phieu_nhap": receipt, "phieu_xuat": issue_slip}
