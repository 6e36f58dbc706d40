"""Who is called in is heard, and a connection that hears nothing any more is noticed."""

import threading
from collections.abc import Callable, Iterator

import pytest
import redis

from pharmasync.limits.ticket import Admitted, Refusal
from pharmasync.limits.usher import Usher
from tests.calls import count
from tests.limits.hearing import Hearing

pytestmark = pytest.mark.integration

CHANNEL = "called-in"
Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def hearing() -> Hearing:
    return Hearing()


@pytest.fixture
def usher(client: "redis.Redis", hearing: Hearing) -> Iterator[Usher]:
    made = Usher(client, CHANNEL)
    made.door = hearing
    yield made
    made.stop()


def test_an_admission_and_a_refusal_are_passed_on(usher: Usher, hearing: Hearing, client: "redis.Redis") -> None:
    usher.listen()
    assert client.publish(CHANNEL, "7 1500000 Nhà thuốc: số 7") == 1
    assert client.publish(CHANNEL, "8 -3 B") == 1
    assert hearing.called_in() == (7, "Nhà thuốc: số 7", Admitted(1.5))
    assert hearing.called_in() == (8, "B", Refusal.RATE)


def test_who_listens_already_does_not_listen_twice(usher: Usher, client: "redis.Redis") -> None:
    usher.listen()
    usher.listen()
    assert client.pubsub_numsub(CHANNEL) == [(CHANNEL.encode(), 1)]


def test_a_connection_that_breaks_is_made_again_and_all_are_asked_for_anew(
    usher: Usher, hearing: Hearing, client: "redis.Redis"
) -> None:
    usher.listen()
    client.client_kill_filter(_type="pubsub")
    assert hearing.asked_again.wait(10)
    usher.listen()
    client.publish(CHANNEL, "7 0 A")
    assert hearing.called_in() == (7, "A", Admitted(0.0))


def test_a_connection_that_is_silent_but_there_is_kept(
    usher: Usher, hearing: Hearing, client: "redis.Redis", until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pharmasync.limits.usher.SILENT_SECONDS", 0.2)
    usher.listen()
    before = count(client, "ping")
    until(lambda: count(client, "ping") >= before + 3)
    assert not hearing.asked_again.is_set()
    client.publish(CHANNEL, "7 0 A")
    assert hearing.called_in() == (7, "A", Admitted(0.0))


def test_one_on_which_redis_does_not_answer_is_given_up(
    usher: Usher, hearing: Hearing, client: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pharmasync.limits.usher.SILENT_SECONDS", 0.05)
    usher.listen()
    client.client_pause(1_000)
    assert hearing.asked_again.wait(10)


def test_who_has_stopped_is_spoken_to_no_more_and_may_listen_again(
    usher: Usher, hearing: Hearing, client: "redis.Redis", until: Until
) -> None:
    usher.listen()
    usher.stop()
    until(lambda: client.publish(CHANNEL, "7 0 A") == 0)
    assert hearing.asked_again.wait(10)
    usher.listen()
    assert client.publish(CHANNEL, "8 0 A") == 1


def test_a_process_that_gets_no_thread_tries_again(
    usher: Usher, hearing: Hearing, client: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("no thread to give")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="no thread"):
            usher.listen()
    usher.listen()
    client.publish(CHANNEL, "7 0 A")
    assert hearing.called_in() == (7, "A", Admitted(0.0))
