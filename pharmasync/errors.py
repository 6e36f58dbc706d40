"""Every exception of pharmasync; a docstring says when it is raised and what happens to the row next.

The families under :class:`DeliveryError` are what ``pharmasync.decisions.table`` decides by: a new error class belongs
to one of them and needs no other change.
"""

from enum import Enum, auto
from typing import ClassVar

from attrs import define

from pharmasync.words import Words


class PharmasyncError(Exception):
    """Base of all errors that pharmasync raises itself."""


class SettingError(PharmasyncError):
    """A setting is missing or wrong: the process stops at start with this one line."""


class UnwritableTypeError(PharmasyncError):
    """A document type, or a field of one, has no name in a version of the API: the process stops at start."""


class ServerAwayError(PharmasyncError):
    """A server that pharmasync needs cannot be reached or broke off; ``server`` names it.

    Nothing is written about the row: its lease runs out and the producer claims it again.
    """

    def __init__(self, server: str, why: object) -> None:
        """Name the server (``"SQL Server"``) and what the driver said."""
        super().__init__(f"{server} is away: {why}")
        self.server = server


class GaveWayError(ServerAwayError):
    """SQL Server undid a statement in favour of somebody else's transaction: a deadlock, or a lock held for too long.

    Nothing of that statement was done, and the server is there for everybody else: it may be tried again. Like above.
    """

    def __init__(self, why: object) -> None:
        """Say which of the two, and what the server said."""
        super().__init__("SQL Server", why)
        self.args = (f"SQL Server undid a statement: {why}",)


class EncryptionRefusedError(ServerAwayError):
    """SQL Server and pharmasync could not agree on TLS, and PHARMASYNC_MSSQL_ENCRYPTION requires it. Like above."""

    def __init__(self) -> None:
        """Say what the setting asks for; the driver has no words of its own for this."""
        super().__init__(
            "SQL Server",
            "no encrypted connection (TLS) came about: it offers none, or not the certificate that FreeTDS is told to"
            " check; PHARMASYNC_MSSQL_ENCRYPTION=require takes no other",
        )


class StatementError(PharmasyncError):
    """SQL Server refused a statement: a fault of ours or of the tables. The row is left to its lease, like above."""

    def __init__(self, why: object, number: int = 0) -> None:
        """Say what SQL Server said; ``number`` is its number of the error."""
        super().__init__(f"SQL Server refused a statement: {why}")
        self.number = number


class PasswordTooLongError(PharmasyncError):
    """A password does not fit into AccountShop: nothing is stored."""


class MessageError(PharmasyncError):
    """A message carries other arguments than (local id, shop id): it is dropped, and no row is touched."""


@define(eq=False)
class DeliveryError(PharmasyncError):
    """One document did not get through.

    Attributes:
        words: What the pharmacist and the operator read in ``sync_response_message``.
        http_status: The status of the answer that caused it, where there was one.
    """

    words: Words | str
    http_status: int | None = None

    def __str__(self) -> str:
        return str(self.words)


@define(eq=False)
class UnavailableError(DeliveryError):
    """The national server cannot take it now (408, 429, 5xx, an HTML page): PENDING_SYNC, sent again later.

    Attributes:
        retry_after: Seconds the server asked to wait, where it did.
    """

    retry_after: float | None = None


class NetworkTroubleError(UnavailableError):
    """A call that only reads (a login, a look-up) broke off or got no answer. Like unavailable."""


class UnreachableError(NetworkTroubleError):
    """The connection was never made (refused, DNS, TLS, connect time-out): nothing was sent. Like unavailable."""


class TooLateError(UnreachableError):
    """It was too late to write the call, after a standstill of this process: nothing was sent.

    Like unreachable, but it says nothing about the server; the next try is held back if the lease is still too short.
    """


class ProbeFailedError(UnavailableError):
    """The probe of an open circuit found the national server still down. Like unavailable, but never given up by it."""


class TokenRefusedError(UnavailableError):
    """401 even with a new token. Like unavailable."""


class UncertainError(DeliveryError):
    """The request was written and the answer is not known: SYNC_UNCERTAIN, found out after a pause."""


class LostAnswerError(UncertainError):
    """The connection broke or timed out after the request was written."""


class ProbeLostError(LostAnswerError):
    """The probe of an open circuit was written and not answered. Like a lost answer, but never given up by it."""


class UnreadableAnswerError(UncertainError):
    """An answer came that says neither stored nor refused (empty, cut off, wrong types, too large)."""


class UnresolvedError(UncertainError):
    """It could not be found out whether a document is stored (no GET, no PUT): looked at again later."""


class RefusedError(DeliveryError):
    """The document will never be taken as it is: SYNC_FAILED at once, with the words."""


@define(eq=False)
class AlreadyStoredError(RefusedError):
    """The API says that it has this document already (409, "đã tồn tại"): found out like an uncertain one.

    Attributes:
        in_words: Whether its words say so of the document; a bare 409 may mean anything.
    """

    in_words: bool = False


class NotStoredError(RefusedError):
    """A correction was refused because the API does not know the document: it may be posted."""


class FaultyDocumentError(RefusedError):
    """The document breaks the API's own table of fields: refused here, nothing is sent."""


class DoubledLocalIdError(RefusedError):
    """Another row has this local id in this shop or facility: none of them is sent."""


class PoisonousRowError(RefusedError):
    """Its attempts end without any outcome: it is not tried again before somebody has looked at it."""


class ForeignDocumentError(RefusedError):
    """The API holds another document under this code: adopting its id would lose this one."""


class Wait(Enum):
    """How long a row is held back; how many seconds that are is said by ``pharmasync.decisions.pauses``."""

    SECONDS = auto()
    A_MINUTE = auto()
    SOME_MINUTES = auto()
    UNTIL_RESUMED = auto()


class HeldBackError(DeliveryError):
    """Not a matter of the document: the row goes back as it was, no attempt is counted, and it is due after a wait."""

    wait: ClassVar[Wait] = Wait.SOME_MINUTES


class ShopPausedError(HeldBackError):
    """The shop is paused: its rows wait until ``pharmasync resume``."""

    wait = Wait.UNTIL_RESUMED


class AccountMissingError(HeldBackError):
    """The shop has no account in AccountShop and API_USERNAME is not set: its rows wait for one."""


class PasswordUnreadableError(AccountMissingError):
    """The shop's password is encrypted, and PHARMASYNC_SECRET_KEY has no key for it: its rows wait, like above."""


class LeaseEndingError(HeldBackError):
    """The row's lease could not be renewed: nothing is sent, since soon another worker may; due again in seconds."""

    wait = Wait.SECONDS


class LimitReachedError(HeldBackError):
    """The limits of calls to the national server had no room for this one in time: tried again in some seconds."""

    wait = Wait.SECONDS


class CircuitOpenError(HeldBackError):
    """The national server is down and nobody calls it for now: tried again in a minute or so."""

    wait = Wait.A_MINUTE


class CredentialsRefusedError(HeldBackError):
    """The login was refused (400, or any other whole answer without a token that is no "not now").

    The shop is paused with the reason and nobody tries again, lest it be locked.
    """

    wait = Wait.UNTIL_RESUMED


class PauseNotStoredError(HeldBackError):
    """A login was refused and AccountShop took no pause: each of the shop's rows waits some minutes for itself.

    Nobody tries the login again all the same: the refusal is remembered.
    """


KNOWN_OUTAGE = (CircuitOpenError, ProbeFailedError, ProbeLostError)
"""What says nothing new: an outage of a day must not fill the log and the journal with these."""
