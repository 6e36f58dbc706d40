"""The three kinds of documents the national API takes."""

from attrs import frozen


@frozen
class Kind:
    """One kind of document.

    Attributes:
        name: The last part of its path, and its name in the practice server's own answers.
        code_field: The field with the facility's own code.
        national_field: The field in which clients read the national id.
        prefix: What its national ids begin with.
        title: What refusals call it.
    """

    name: str
    code_field: str
    national_field: str
    prefix: str
    title: str

    @property
    def path(self) -> str:
        """The path of POST and PUT."""
        return f"/api/lien_thong/{self.name}"


INVOICE = Kind("hoa_don", "ma_hoa_don", "ma_hoa_don_quoc_gia", "HD_QG", "Hóa đơn")
RECEIPT = Kind("phieu_nhap", "ma_phieu", "ma_phieu_nhap_quoc_gia", "PN_QG", "Phiếu nhập")
ISSUE_SLIP = Kind("phieu_xuat", "ma_phieu", "ma_phieu_xuat_quoc_gia", "PX_QG", "Phiếu xuất")

KINDS = {kind.name: kind for kind in (INVOICE, RECEIPT, ISSUE_SLIP)}
"""The kinds by name."""
