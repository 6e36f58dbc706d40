"""What happens to the rows from outside: time passes, and operators do what their commands do."""

from datetime import UTC, datetime, timedelta

from pharmasync.decisions.status import Status
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sqlserver.operator import Selection, retry_failed
from pharmasync.sqlserver.shops import pause_shop, resume_shop
from tests.pharmacy import Pharmacy
from tests.properties.laws import Who
from tests.properties.rows import Document
from tests.properties.world import World


def let_time_pass(world: World, documents: list[Document]) -> None:
    """The waits and the leases of these documents' rows are over, in SQL Server as well as in their workers' eyes."""
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
    for document in documents:
        row = world.ledger.rows[document.key]
        if not row.is_open or row.due_in <= 0:
            continue
        if row.status is Status.SENDING:
            for delivery in world.deliveries:
                if delivery.row == document.key:
                    delivery.age_lease(0)
        Pharmacy(world.sql).set(document.kind, document.row_id, sync_due_at=past)
    world.observe(Who.TIME)


def pause(world: World, shop: str) -> None:
    """``pharmasync pause``."""
    pause_shop(world.sql, shop, "an operator says so")
    world.observe(Who.PAUSE)


def resume(world: World, shop: str) -> None:
    """``pharmasync resume``; a password that was wrong is right now."""
    resume_shop(world.sql, shop)
    world.shelf.refused.clear()
    world.observe(Who.RESUME)


def retry(world: World, shop: str) -> None:
    """``pharmasync retry --shop``, however soon after the row failed."""
    for kind in DOCUMENT_TYPES:
        retry_failed(world.sql, kind, Selection(shop_id=shop))
    world.observe(Who.RETRY)
