"""The token cache: shared by all workers, and good enough while Redis is away."""

import subprocess
import sys
import threading
import time

import pytest
import redis

from pharmasync.queues.tokens import LOCK_SECONDS, RedisTokenCache
from pharmasync.sandbox.servers import free_port

pytestmark = pytest.mark.integration

HOLDER = """
import sys, threading, redis
from pharmasync.queues.tokens import RedisTokenCache
with RedisTokenCache(redis.Redis.from_url(sys.argv[1]), lifetime=60.0).lock("a"):
    print("held", flush=True)
    threading.Event().wait()
"""


def cache(url: str, lifetime: float = 60.0) -> RedisTokenCache:
    return RedisTokenCache(redis.Redis.from_url(url, socket_connect_timeout=1.0), lifetime=lifetime)


@pytest.fixture
def away() -> str:
    return f"redis://127.0.0.1:{free_port()}/0"


def test_a_token_is_seen_by_every_process(redis_url: str) -> None:
    cache(redis_url).put("S1", "abc")
    assert cache(redis_url).get("S1") == "abc"
    assert cache(redis_url).get("S2") is None


def test_a_token_that_another_process_replaced_is_seen_where_the_newest_is_wanted(redis_url: str) -> None:
    one, other = cache(redis_url), cache(redis_url)
    one.put("S1", "old")
    assert other.get("S1") == "old"
    one.put("S1", "new")
    assert other.get("S1", newest=True) == "new"
    assert other.get("S1") == "new"


def test_a_token_read_a_moment_ago_needs_no_second_look(redis_url: str) -> None:
    own = cache(redis_url)
    own.put("S1", "abc")
    assert own.get("S1") == "abc"
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    assert own.get("S1") == "abc"
    assert own.get("S1", newest=True) is None


def test_a_token_is_kept_under_its_shop_for_its_lifetime(redis_url: str) -> None:
    cache(redis_url, lifetime=90).put("S1", "abc")
    with redis.Redis.from_url(redis_url) as client:
        assert client.get("token:S1") == b"abc"
        assert 80_000 < client.pttl("token:S1") <= 90_000


def test_a_refusal_is_remembered_until_it_is_forgotten(redis_url: str) -> None:
    cache(redis_url).remember_refusal("f1")
    other = cache(redis_url)
    assert other.was_refused("f1")
    assert not other.was_refused("f2")
    other.forget_refusal("f1")
    assert not cache(redis_url).was_refused("f1")


def test_a_lock_is_held_by_one_process_at_a_time(redis_url: str) -> None:
    inside, let_go = threading.Event(), threading.Event()
    order: list[str] = []

    def first() -> None:
        with cache(redis_url).lock("a"):
            inside.set()
            let_go.wait(10)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(10)
    with redis.Redis.from_url(redis_url) as client:
        assert client.exists("login:a")
    let_go.set()
    with cache(redis_url).lock("a"):
        order.append("second")
    thread.join(10)
    assert order == ["first", "second"]


def test_a_lock_whose_holder_was_killed_is_free_soon_after(redis_url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, redis_url], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.kill()
    with redis.Redis.from_url(redis_url) as client:
        assert client.exists("login:a"), "nobody let go of it"
        assert client.pttl("login:a") <= LOCK_SECONDS * 1000 <= 10_000
        client.pexpire("login:a", 50)
    with cache(redis_url).lock("a"):
        pass


def test_a_lock_is_kept_for_longer_than_it_lasts_while_its_holder_is_inside(redis_url: str) -> None:
    short = RedisTokenCache(redis.Redis.from_url(redis_url), lifetime=60.0, lock_seconds=0.4)
    with redis.Redis.from_url(redis_url) as client, short.lock("a"):
        deadline = time.monotonic() + 1.2
        while time.monotonic() < deadline:
            assert client.exists("login:a")
            time.sleep(0.02)  # it must be there all the time
    assert not redis.Redis.from_url(redis_url).exists("login:a")


def test_a_lock_is_waited_for_with_patience_and_no_longer(redis_url: str) -> None:
    impatient = RedisTokenCache(redis.Redis.from_url(redis_url), lifetime=60.0, patience=0.1)
    with cache(redis_url).lock("a"), impatient.lock("a"):
        pass


def test_different_accounts_do_not_wait_for_each_other(redis_url: str) -> None:
    one = cache(redis_url)
    with one.lock("a"), one.lock("b"):
        pass


def test_this_process_goes_on_while_redis_is_away(away: str) -> None:
    alone = cache(away)
    alone.put("S1", "abc")
    assert alone.get("S1") == "abc"
    alone.remember_refusal("f1")
    assert alone.was_refused("f1")
    with alone.lock("a"):
        alone.forget_refusal("f1")
    assert not alone.was_refused("f1")
