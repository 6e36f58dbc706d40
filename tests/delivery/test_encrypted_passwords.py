"""Shops whose password is encrypted: delivered with the right key, held back without it."""

from typing import Any

import attrs
import pytest
from cryptography.fernet import Fernet

from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.secrets import Keyring
from pharmasync.settings import Settings
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.shops import paused_shops
from tests.pharmacy import Pharmacy
from tests.works import Works, held

pytestmark = pytest.mark.integration

KEY, LOST_KEY = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The settings with a key, and an account for shops without one of their own."""
    return attrs.evolve(settings, secret_keys=(KEY,), api_username="S2", api_password="right")


def test_an_encrypted_password_is_logged_in_with(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    pharmacy.add_shop("S5", password=Keyring.of((KEY,)).stored("right"))
    pharmacy.add(SALES_INVOICE, "HD1", "S5")
    works.run()
    assert held(api) == {("GPP-S5", "HD1"): 1}


def test_a_shop_whose_password_no_key_opens_waits_for_one_and_nobody_logs_in(
    works: Works, pharmacy: Pharmacy, sql: SqlServer, api: PracticeNationalAPI
) -> None:
    pharmacy.add_shop("S3", account="S1", password=Keyring.of((LOST_KEY,)).stored("right"))
    row_id = pharmacy.add(SALES_INVOICE, "HD1", "S3")
    works.run()
    row = pharmacy.row(SALES_INVOICE, row_id)
    assert (row["status"], row["sync_attempts"]) == ("PENDING_SYNC", 0)
    assert row["sync_due_at"] is not None
    assert "the password of shop S3 cannot be decrypted" in str(row["sync_response_message"])
    assert paused_shops(sql) == {}
    state: Any = api.state
    assert state["logins"] == {}
    sql.run("UPDATE AccountShop SET password = %s WHERE shop_pharmacy_code = %s", ("right", "S3"))
    pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
    assert held(api) == {("GPP-S3", "HD1"): 1}
