"""Deliveries under limits: everything gets through, and what finds no room in time goes back as it was."""

from datetime import UTC, datetime

import attrs
import pytest
import redis

from pharmasync.documents import SALES_INVOICE
from pharmasync.limits import LimitedTurnstile, Limits
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.settings import Settings
from tests.pharmacy import Pharmacy
from tests.works import Works, bad_logins, held, logins

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return attrs.evolve(settings, api_max_rps=100.0, api_max_calls=2, api_max_calls_per_shop=1)


def test_every_document_gets_through(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    for shop in ("S1", "S2"):
        for number in range(8):
            pharmacy.add(SALES_INVOICE, f"HD{number}", shop)
    works.run()
    assert held(api) == {(f"GPP-{shop}", f"HD{number}"): 1 for shop in ("S1", "S2") for number in range(8)}


def test_a_shop_without_room_gets_its_row_back_and_another_shop_is_served(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, settings: Settings
) -> None:
    ids = {shop: pharmacy.add(SALES_INVOICE, "HD1", shop) for shop in ("S1", "S2")}
    another_worker = LimitedTurnstile.on(
        redis.Redis.from_url(settings.redis_url), Limits(max_calls_per_shop=1), settings.longest_call_seconds
    )
    with another_worker.pass_for("S1"):
        works.run()
    assert held(api) == {("GPP-S2", "HD1"): 1}
    row = pharmacy.row(SALES_INVOICE, ids["S1"])
    assert (row["status"], row["sync_attempts"]) == ("PENDING_SYNC", 0)
    assert "PHARMASYNC_API_MAX_CALLS_PER_SHOP" in str(row["sync_response_message"])
    due_at = row["sync_due_at"]
    assert isinstance(due_at, datetime)
    assert due_at > datetime.now(UTC).replace(tzinfo=None)

    pharmacy.make_due(SALES_INVOICE, ids["S1"])
    works.run()
    assert pharmacy.status(SALES_INVOICE, ids["S1"]) == "SYNC_SUCCESS"
    assert (logins(api, "S1"), bad_logins(api, "S1")) == (1, 0)
