"""A caller's place in the line, and the answers that it may get."""

import threading
from enum import Enum

from attrs import define, field, frozen

from pharmasync.words import Words


class Refusal(Enum):
    """Why a caller is not admitted; the value is what people read."""

    SHOP = Words(
        "chưa gửi: cửa hàng đã có đủ số cuộc gọi cùng lúc (PHARMASYNC_API_MAX_CALLS_PER_SHOP)",
        "not sent: the shop has as many calls under way as PHARMASYNC_API_MAX_CALLS_PER_SHOP allows",
    )
    OVERALL = Words(
        "chưa gửi: đã có đủ số cuộc gọi cùng lúc (PHARMASYNC_API_MAX_CALLS)",
        "not sent: as many calls are under way as PHARMASYNC_API_MAX_CALLS allows",
    )
    RATE = Words(
        "chưa gửi: đã tới giới hạn số cuộc gọi mỗi giây (PHARMASYNC_API_MAX_RPS)",
        "not sent: more calls are waiting than PHARMASYNC_API_MAX_RPS lets through",
    )


@frozen
class Admitted:
    """A caller may call.

    Attributes:
        wait: In so many seconds.
    """

    wait: float


Answer = Admitted | Refusal
"""Admitted; refused, and to be asked for again; or, where a cap refuses, to be called in."""


@define(eq=False)
class Ticket:
    """One caller in the line. Times are seconds on the monotonic clock.

    Attributes:
        number: Its number in this process.
        shop_id: Whose call it is.
        since: When it joined.
        moment: When the call may be made, once it is admitted.
        lacks: What it stands in line for in Redis, where it does.
        refusal: Why it was sent away.
        asked: Whether it was asked for, so that Redis may know it.
        answered: Set with ``moment`` or ``refusal``.
    """

    number: int
    shop_id: str
    since: float
    moment: float | None = None
    lacks: Refusal | None = None
    refusal: Refusal | None = None
    asked: bool = False
    answered: threading.Event = field(factory=threading.Event, repr=False)
