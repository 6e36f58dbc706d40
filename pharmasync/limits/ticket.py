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
        roomy: Whether half of the slots were left then, overall and of the shop: nobody waits for this one.
    """

    wait: float
    roomy: bool = False


Answer = Admitted | Refusal
"""Admitted, or not admitted now."""


@define(eq=False)
class Ticket:
    """One caller in the line. Times are seconds on the monotonic clock.

    Attributes:
        number: Its number in this process.
        shop_id: Whose call it is.
        since: When it joined.
        moment: When the call may be made, once it is admitted.
        roomy: Whether half of the slots were left then.
        refusal: Why it was sent away.
        left: Whether the caller went away before it was answered.
        answered: Set with ``moment`` or ``refusal``.
    """

    number: int
    shop_id: str
    since: float
    moment: float | None = None
    roomy: bool = False
    refusal: Refusal | None = None
    left: bool = False
    answered: threading.Event = field(factory=threading.Event, repr=False)


@frozen(kw_only=True)
class Ask:
    """One caller, as it is asked for.

    Attributes:
        ticket: Its place in the line.
        waited: How many seconds it has been there.
        starving: Whether it has waited for a while in which nobody of this process was admitted.
        shop_starving: The same, nobody of its shop.
    """

    ticket: Ticket
    waited: float = 0.0
    starving: bool = False
    shop_starving: bool = False
