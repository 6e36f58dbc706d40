"""A login among stand-ins: cache and accounts are in memory, what they keep in Redis and SQL Server is tested there."""

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from attrs import define, field

from pharmasync.errors import AccountMissingError, DeliveryError, HeldBackError, ShopPausedError
from pharmasync.national.adapter import Account
from pharmasync.national.fingerprints import Fingerprints
from pharmasync.national.http import Request, Response
from pharmasync.national.login import Login
from pharmasync.national.turnstile import OpenTurnstile, Turnstile
from pharmasync.national.v1 import Version1

WAIT = 10.0
THREADS = 8


@define
class MemoryCache:
    """A token cache of one process; ``arrived`` counts who came to a lock.

    What is in ``older`` is found by whoever does not ask for the newest.
    """

    tokens: dict[str, str] = field(factory=dict)
    older: dict[str, str] = field(factory=dict)
    refused: set[str] = field(factory=set)
    arrived: threading.Semaphore = field(factory=lambda: threading.Semaphore(0))
    locks: dict[str, threading.Lock] = field(factory=lambda: defaultdict(threading.Lock))

    def get(self, shop_id: str, *, newest: bool = False) -> str | None:
        token = self.tokens.get(shop_id)
        return token if newest else self.older.get(shop_id, token)

    def put(self, shop_id: str, token: str) -> None:
        self.tokens[shop_id] = token

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        lock = self.locks[name]
        self.arrived.release()
        with lock:
            yield

    def was_refused(self, fingerprint: str) -> bool:
        return fingerprint in self.refused

    def remember_refusal(self, fingerprint: str) -> None:
        self.refused.add(fingerprint)


@define
class MemoryAccounts:
    """The shops' accounts; a shop without one has none."""

    accounts: dict[str, Account]
    paused: dict[str, str] = field(factory=dict)

    def account_of(self, shop_id: str) -> Account:
        if shop_id in self.paused:
            raise ShopPausedError(self.paused[shop_id])
        if shop_id not in self.accounts:
            raise AccountMissingError("no account")
        return self.accounts[shop_id]

    def pause(self, shop_id: str, reason: str) -> None:
        self.paused[shop_id] = reason


@define
class Api:
    """Answers logins in turn, the last answer again and again, once ``open`` is set."""

    answers: list[Response | DeliveryError]
    logins: list[dict[str, str]] = field(factory=list)
    open: threading.Event = field(factory=threading.Event)

    def __call__(self, request: Request) -> Response:
        assert self.open.wait(WAIT)
        self.logins.append(json.loads(request.body or b""))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, DeliveryError):
            raise answer
        return answer


@define
class Office:
    """A login among its stand-ins."""

    api: Api
    cache: MemoryCache
    accounts: MemoryAccounts
    login: Login


@pytest.fixture
def office() -> Callable[..., Office]:
    """Makes an office whose API gives these answers; a ``closed`` one waits to be opened first."""

    def make(*answers: Response | DeliveryError, closed: bool = False, turnstile: Turnstile | None = None) -> Office:
        api = Api(list(answers))
        if not closed:
            api.open.set()
        cache = MemoryCache()
        accounts = MemoryAccounts({"S1": Account("acc-1", "pw-1"), "S2": Account("acc-1", "pw-1")})
        login = Login(
            adapter=Version1(),
            call=api,
            cache=cache,
            accounts=accounts,
            fingerprint=Fingerprints("key"),
            retries=2,
            retry_seconds=0.001,
            turnstile=turnstile or OpenTurnstile(),
        )
        return Office(api, cache, accounts, login)

    return make


@pytest.fixture
def at_once() -> Callable[..., list[object]]:
    """What every one of many threads gets, all of which came to the lock before the API answered."""

    def ask_all(here: Office, **arguments: str) -> list[object]:
        def one() -> object:
            try:
                return here.login.token("S1", **arguments)
            except HeldBackError as error:
                return type(error).__name__

        with ThreadPoolExecutor(THREADS) as threads:
            waiting = [threads.submit(one) for _ in range(THREADS)]
            for _ in range(THREADS):
                assert here.cache.arrived.acquire(timeout=WAIT)
            here.api.open.set()
            return [future.result(timeout=WAIT) for future in waiting]

    return ask_all
