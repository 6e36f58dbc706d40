"""Twins: rows that the API would know as one document, so that none of them may be sent blindly.

They have one local id, in one shop, or in two shops that send under one facility code: the second would be stored over
the first, or beside it, or be taken for it.
"""

from collections.abc import Sequence

from attrs import frozen

from pharmasync.decisions.doubt import Doubt
from pharmasync.decisions.status import Status
from pharmasync.words import Words

MOST_TWINS = 20
"""So many of a row's twins are looked at, the oldest: a constant in the place of a code gives thousands to each row."""

SHOWN_TWINS = 5
"""So many are named."""


@frozen
class Twin:
    """The other row; ``status`` as its table has it, known or not."""

    id: int
    shop_id: str
    status: str
    national_id: str | None = None


def words_about(local_id: str, twins: Sequence[Twin]) -> Words:
    """Why a row that has these twins, or these among others, is refused."""
    stored = [twin for twin in twins if twin.status == Status.SUCCESS]
    if stored:
        first, known = stored[0], stored[0].national_id or "?"
        return Words(
            f"mã {local_id} đã được gửi ở bản ghi id {first.id} của cửa hàng {first.shop_id} (mã quốc gia {known})",
            f"code {local_id} was already sent as row id {first.id} of shop {first.shop_id} (national id {known})",
        )
    rows_vi = ", ".join(f"{twin.id} (cửa hàng {twin.shop_id})" for twin in twins[:SHOWN_TWINS])
    rows_en = ", ".join(f"{twin.id} (shop {twin.shop_id})" for twin in twins[:SHOWN_TWINS])
    if len(twins) > SHOWN_TWINS:
        rows_vi, rows_en = f"{rows_vi} và các bản ghi khác", f"{rows_en} and more"
    return Words(
        f"mã {local_id} bị trùng (bản ghi khác: id {rows_vi})",
        f"code {local_id} is used twice (other row ids: {rows_en})",
    )


def may_be_sent(doubt: Doubt, row_id: int, twins: Sequence[Twin]) -> bool:
    """Whether a row may go on in spite of its twins: only the oldest, and only to find out if it is stored already.

    A younger one has had a twin since its first attempt, so that it was never sent: what it would find is its twin.

    Args:
        doubt: How sure it is that the row is not stored.
        row_id: The row's id.
        twins: Its twins, or the oldest of them: whether one is older than the row is the same.
    """
    return not twins or (doubt is Doubt.STRONG and all(row_id < twin.id for twin in twins))
