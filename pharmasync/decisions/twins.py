"""Two rows with one local id in one shop: neither may be sent blindly, since the API knows them as one document."""

from collections.abc import Sequence

from attrs import frozen

from pharmasync.decisions.doubt import Doubt
from pharmasync.decisions.status import Status
from pharmasync.words import Words


@frozen
class Twin:
    """Another row with the same shop and local id; ``status`` as its table has it, known or not."""

    id: int
    status: str
    national_id: str | None = None


def words_about(local_id: str, twins: Sequence[Twin]) -> Words:
    """Why a row that has these twins is refused."""
    rows = ", ".join(str(twin.id) for twin in twins)
    stored = [twin for twin in twins if twin.status == Status.SUCCESS]
    if stored:
        known = stored[0].national_id or "?"
        return Words(
            f"mã {local_id} đã được gửi ở dòng id {stored[0].id} (mã quốc gia {known})",
            f"code {local_id} was already sent as row id {stored[0].id} (national id {known})",
        )
    return Words(
        f"mã {local_id} bị trùng trong cùng cửa hàng (dòng id khác: {rows})",
        f"code {local_id} is used twice in this shop (other row ids: {rows})",
    )


def may_be_sent(doubt: Doubt, twins: Sequence[Twin]) -> bool:
    """Whether a row may go on in spite of its twins: only one that may already be stored, to find that out."""
    return not twins or doubt is Doubt.STRONG
