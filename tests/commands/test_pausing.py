"""Shops that are paused and resumed."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
import redis

from pharmasync.documents import SALES_INVOICE
from pharmasync.national.adapter import Account
from pharmasync.national.fingerprints import Fingerprints
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.shops import resume_shop
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration

Run = Callable[..., Any]


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_pause_without_a_reason_is_wrong_usage(run: Run, pharmacy: Pharmacy, reason: str) -> None:
    pharmacy.add_shop("S1")
    assert run("pause", "S1", "--reason", reason).status == 2
    assert run("status", "--json").json()["paused_shops"] == {}


def test_a_paused_shop_sends_nothing_until_it_is_resumed(
    run: Run, pharmacy: Pharmacy, redis_url: str, servers: dict[str, str]
) -> None:
    pharmacy.add_shop("S1")
    pharmacy.add(SALES_INVOICE, "HD1")
    assert run("pause", "S1", "--reason", "because").status == 0
    assert run("scan", "--once", "--json").json()["enqueued"]["sales_invoice"] == 0
    with redis.Redis.from_url(redis_url) as client:
        refused = f"login-refused:{Fingerprints(servers['MSSQL_PASSWORD'])(Account('S1', 'right'))}"
        client.set(refused, "")
        assert run("resume", "S1").text == "S1 is resumed\n"
        assert not client.exists(refused)
    assert run("scan", "--once", "--json").json()["enqueued"]["sales_invoice"] == 1
    assert run("resume", "S1").text == "S1 was not paused\n"


def test_a_pause_of_an_unknown_shop_says_that_a_row_was_added(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    assert run("pause", "S1", "--reason", "because").text == "S1 is paused\n"
    assert run("pause", "S9", "--reason", "because").text.splitlines() == [
        "S9 is paused",
        "S9 had no row in AccountShop: one was added",
        "no document that is to be sent names S9: is that its code?",
    ]
    assert run("pause", "S9", "--reason", "still").text == "S9 is paused\n"


def test_a_pause_of_a_shop_that_has_documents_only_adds_its_row(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", "S9")
    assert run("pause", "S9", "--reason", "because").text.splitlines()[1:] == [
        "S9 had no row in AccountShop: one was added"
    ]


def test_a_refusal_is_forgotten_also_for_a_shop_that_could_not_be_paused(
    run: Run, pharmacy: Pharmacy, redis_url: str, servers: dict[str, str]
) -> None:
    pharmacy.add_shop("S1")
    with redis.Redis.from_url(redis_url) as client:
        refused = f"login-refused:{Fingerprints(servers['MSSQL_PASSWORD'])(Account('S1', 'right'))}"
        client.set(refused, "")
        assert run("resume", "S1").text == "S1 was not paused\n"
        assert not client.exists(refused)


def test_a_refusal_is_forgotten_before_the_shop_is_resumed_lest_a_worker_pause_it_again(
    run: Run, pharmacy: Pharmacy, redis_url: str, servers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pharmacy.add_shop("S1")
    run("pause", "S1", "--reason", "because")
    refused = f"login-refused:{Fingerprints(servers['MSSQL_PASSWORD'])(Account('S1', 'right'))}"
    seen = list[int]()
    with redis.Redis.from_url(redis_url) as client:
        client.set(refused, "")

        def resume(sql: SqlServer, shop: str) -> bool:
            seen.append(int(client.exists(refused)))
            return resume_shop(sql, shop)

        monkeypatch.setattr(import_module("pharmasync.commands.pause"), "resume_shop", resume)
        assert run("resume", "S1").text == "S1 is resumed\n"
    assert seen == [0]


def test_an_unknown_shop_cannot_be_resumed(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    known, unknown = run("resume", "S1"), run("resume", "S9")
    assert (known.status, known.text) == (0, "S1 was not paused\n")
    assert (unknown.status, unknown.text) == (1, "Error: AccountShop does not know S9: nothing was resumed\n")


def test_a_pause_needs_a_reason(run: Run) -> None:
    assert run("pause", "S1").status == 2
