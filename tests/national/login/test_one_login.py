"""One login at a time for an account, and only where one is needed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from pharmasync.errors import (
    AccountMissingError,
    DeliveryError,
    NetworkTroubleError,
    ShopPausedError,
    TooLateError,
    UnavailableError,
    UnreachableError,
)
from pharmasync.national.adapter import Account
from pharmasync.national.fingerprints import Fingerprints
from pharmasync.national.http import Response

Make = Callable[..., Any]

RETRIES = 2
WAIT = 10.0
THREADS = 8
fingerprint = Fingerprints("key")
TOKEN = Response(status=200, body=b'{"token": "fresh"}')
BUSY = Response(status=503)


def test_a_shop_without_a_token_logs_in_with_its_account(office: Make) -> None:
    here = office(TOKEN)
    assert here.login.token("S1") == "fresh"
    assert here.api.logins == [{"usr": "acc-1", "pwd": "pw-1"}]
    assert here.cache.tokens == {"S1": "fresh"}


def test_a_token_that_is_kept_is_used(office: Make) -> None:
    here = office(TOKEN)
    here.cache.put("S1", "kept")
    assert here.login.token("S1") == "kept"
    assert here.api.logins == []
    assert not here.cache.arrived.acquire(blocking=False)


def test_a_refused_token_is_replaced(office: Make) -> None:
    here = office(TOKEN)
    here.cache.put("S1", "old")
    assert here.login.token("S1", refused="old") == "fresh"
    assert here.cache.tokens == {"S1": "fresh"}


def test_a_refused_token_that_somebody_replaced_already_needs_no_login(office: Make) -> None:
    here = office(TOKEN)
    here.cache.put("S1", "newer")
    assert here.login.token("S1", refused="old") == "newer"
    assert here.api.logins == []


def test_whose_token_was_refused_looks_for_the_newest_and_neither_waits_nor_logs_in(office: Make) -> None:
    here = office(TOKEN)
    here.cache.tokens["S1"], here.cache.older["S1"] = "newer", "old"
    assert here.login.token("S1", refused="old") == "newer"
    assert here.api.logins == []
    assert not here.cache.arrived.acquire(blocking=False)


def test_a_token_that_another_worker_brought_while_this_one_waited_needs_no_login(
    office: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = office(TOKEN)
    here.cache.tokens["S1"] = here.cache.older["S1"] = "old"

    @contextmanager
    def waiting(_self: object, name: str) -> Iterator[None]:
        assert name
        here.cache.tokens["S1"] = "another's"
        yield

    monkeypatch.setattr(type(here.cache), "lock", waiting)
    assert here.login.token("S1", refused="old") == "another's"
    assert here.api.logins == []


def test_a_renewal_logs_in_once_although_a_token_is_kept_and_replaces_it(office: Make) -> None:
    here = office(TOKEN)
    here.cache.put("S1", "kept")
    assert here.login.renew("S1") == "fresh"
    assert len(here.api.logins) == 1
    assert here.login.token("S1") == "fresh"
    assert len(here.api.logins) == 1


def test_a_renewal_waits_for_a_login_with_the_same_account_that_is_under_way(office: Make) -> None:
    here = office(TOKEN)
    with ThreadPoolExecutor(1) as threads:
        with here.cache.lock(fingerprint(Account("acc-1", "pw-1"))):
            assert here.cache.arrived.acquire(timeout=WAIT)
            renewal = threads.submit(here.login.renew, "S1")
            assert here.cache.arrived.acquire(timeout=WAIT)
            assert here.api.logins == []
        assert renewal.result(timeout=WAIT) == "fresh"


def test_a_renewal_for_a_paused_shop_makes_no_call(office: Make) -> None:
    here = office(TOKEN)
    here.accounts.pause("S1", "by hand")
    with pytest.raises(ShopPausedError):
        here.login.renew("S1")
    assert here.api.logins == []


def test_many_threads_share_one_login(office: Make, at_once: Make) -> None:
    here = office(TOKEN, closed=True)
    assert at_once(here) == ["fresh"] * THREADS
    assert len(here.api.logins) == 1


def test_many_threads_whose_token_was_refused_share_one_login(office: Make, at_once: Make) -> None:
    here = office(TOKEN, closed=True)
    here.cache.put("S1", "old")
    assert at_once(here, refused="old") == ["fresh"] * THREADS
    assert len(here.api.logins) == 1


def test_a_password_that_was_changed_while_others_waited_is_the_one_that_is_used(
    office: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = office(TOKEN)

    @contextmanager
    def changing(_self: object, name: str) -> Iterator[None]:
        assert name == fingerprint(Account("acc-1", "pw-1"))
        here.accounts.accounts["S1"] = Account("acc-1", "pw-2")
        yield

    monkeypatch.setattr(type(here.cache), "lock", changing)
    assert here.login.token("S1") == "fresh"
    assert here.api.logins == [{"usr": "acc-1", "pwd": "pw-2"}]


def test_a_paused_shop_makes_no_call(office: Make) -> None:
    here = office(TOKEN)
    here.accounts.pause("S1", "by hand")
    with pytest.raises(ShopPausedError):
        here.login.token("S1")
    assert here.api.logins == []


def test_a_shop_without_an_account_makes_no_call(office: Make) -> None:
    here = office(TOKEN)
    with pytest.raises(AccountMissingError):
        here.login.token("S9")
    assert here.api.logins == []
    assert here.accounts.paused == {}


@pytest.mark.parametrize("trouble", [NetworkTroubleError("lost"), UnreachableError("refused")], ids=repr)
def test_network_trouble_is_repeated(office: Make, trouble: DeliveryError) -> None:
    here = office(trouble, trouble, TOKEN)
    assert here.login.token("S1") == "fresh"
    assert len(here.api.logins) == 1 + RETRIES


def test_a_login_that_comes_too_late_is_not_repeated_since_others_wait_for_its_lock(office: Make) -> None:
    here = office(TooLateError("the worker stops"), TOKEN)
    with pytest.raises(TooLateError):
        here.login.token("S1")
    assert len(here.api.logins) == 1


def test_network_trouble_that_goes_on_is_told_and_pauses_nobody(office: Make) -> None:
    here = office(NetworkTroubleError("lost"))
    with pytest.raises(NetworkTroubleError):
        here.login.token("S1")
    assert len(here.api.logins) == 1 + RETRIES
    assert here.accounts.paused == {}
    assert here.cache.refused == set()


@pytest.mark.parametrize(
    "answer",
    [BUSY, Response(status=200, body=b'{"code": 500}'), Response(status=200, body=b"<html>", content_type="text/html")],
)
def test_a_server_in_trouble_is_asked_once_and_pauses_nobody(office: Make, answer: Response) -> None:
    here = office(answer)
    with pytest.raises(UnavailableError):
        here.login.token("S1")
    assert len(here.api.logins) == 1
    assert here.accounts.paused == {}
