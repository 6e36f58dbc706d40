"""No password, token or name gets anywhere but where it belongs.

The processes of production run once, with marked values, against a national API that quotes whatever it was sent; then
every place is searched.
"""

import sys
from collections.abc import Callable
from typing import Any

import pytest
import redis
from attrs import asdict, frozen

from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.journal import MASK
from pharmasync.settings import load
from tests.disclosures import printed, said, shown
from tests.marked_house import FATES, SHOPS_THAT_WAIT, MarkedHouse, marked_house
from tests.marks import Marks

pytestmark = pytest.mark.acceptance

KINDS = len(DOCUMENT_TYPES)
FAILED = (len(FATES) - 1) * KINDS


@frozen(kw_only=True)
class Run:
    """What a run left behind.

    Attributes:
        places: Every place that is searched, as text.
        queued: What Redis held while messages waited.
        tokens: The keys of the token cache with what they hold.
        failures: The journal's failures.
        heard: What the national API was sent.
    """

    places: dict[str, str]
    queued: str
    tokens: dict[str, str]
    failures: list[dict[str, Any]]
    heard: str


@pytest.fixture(scope="module")
def marks() -> Marks:
    return Marks()


@pytest.fixture(scope="module")
def run(marks: Marks, tmp_path_factory: pytest.TempPathFactory) -> Run:
    with marked_house(marks, tmp_path_factory.mktemp("leaks") / "log") as house:
        settings = load(house.environ)
        house.start(sys.executable, "-m", "pharmasync.schedulers")
        house.wait_for(lambda: text_of_queues(house).count("STORED-1") == KINDS)
        queued = text_of_queues(house)
        house.start("dramatiq", "pharmasync.actors", "--processes", "1", "--threads", "4", "-v", "-v")
        house.wait_for(lambda: is_at_rest(house))
        house.stop()
        kept = texts_in(house.redis)
        places = {
            "Redis, with messages": queued,
            "Redis": "\n".join(text for key, text in kept.items() if not key.startswith("token:")),
            "the journal": text_of_journal(house),
            "messages in SQL Server": text_of_messages(house),
            "errors": said(settings, marks),
            "values": shown(settings, marks),
            **printed(house.environ, marks),
        }
        servers = [house.valkey, house.mongod]
        logs = [(server._directory or house.log.parent) / "output.log" for server in servers]
        return Run(
            places={
                **places,
                "the processes' output": house.log.read_text(errors="replace"),
                "the servers' output": "\n".join(log.read_text(errors="replace") for log in logs),
            },
            queued=queued,
            tokens={key: text for key, text in kept.items() if key.startswith("token:")},
            failures=list(house.journal["sync_failures"].find()),
            heard="\n".join(house.api.heard),
        )


def is_at_rest(house: MarkedHouse) -> bool:
    """Whether everything was delivered or given up, or waits for an operator, and the journal knows."""
    return (
        house.rows("SYNC_SUCCESS") == 2 * KINDS
        and house.rows("SYNC_FAILED") == FAILED
        and house.rows("PENDING_SYNC", *SHOPS_THAT_WAIT) == len(SHOPS_THAT_WAIT) * KINDS
        and "cannot be decrypted" in text_of_messages(house)
        and house.journal["sync_failures"].count_documents({}) == FAILED
    )


def texts_in(client: "redis.Redis") -> dict[str, str]:
    """Every key of Redis, with what it holds."""
    readers: dict[bytes, Callable[[bytes], object]] = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
    }
    keys: list[bytes] = list(client.scan_iter())
    kinds: dict[bytes, bytes] = {key: client.type(key) for key in keys}  # type: ignore[misc] # they are bytes
    return {key.decode(): f"{key!r}: {readers[kind](key)!r}" for key, kind in kinds.items() if kind != b"none"}


def text_of_queues(house: MarkedHouse) -> str:
    """All that Redis holds while no worker runs."""
    return "\n".join(texts_in(house.redis).values())


def text_of_journal(house: MarkedHouse) -> str:
    names = house.journal.list_collection_names()
    return "\n".join(str(document) for name in names for document in house.journal[name].find())


def text_of_messages(house: MarkedHouse) -> str:
    """What the rows and the shops' pauses say to people."""
    rows = [row for kind in DOCUMENT_TYPES for row in house.sql.rows(f"SELECT sync_response_message FROM {kind.table}")]
    return str(rows + house.sql.rows("SELECT sync_paused_reason FROM AccountShop"))


PLACES = [
    *("Redis", "Redis, with messages", "the journal", "messages in SQL Server", "errors", "values"),
    *("the processes' output", "the servers' output"),
    *("pharmasync check", "pharmasync check, shut out", "pharmasync check, with a wrong key", "pharmasync status"),
    *("pharmasync failures", "pharmasync shops list", "pharmasync shops encrypt", "pharmasync resume"),
]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_secret_and_nobodys_name_is_in(run: Run, marks: Marks, place: str) -> None:
    assert run.places[place]
    assert marks.found_in(run.places[place]) == []


def test_every_place_was_searched(run: Run) -> None:
    assert set(run.places) == set(PLACES)


def test_the_national_api_was_sent_what_belongs_to_it_alone(run: Run, marks: Marks) -> None:
    sent = {"clear_password", "encrypted_password", "refused_password", "default_password", "token"}
    names = {"customer", "seller", "prescription", "supplier", "recipient"}
    assert set(marks.found_in(run.heard)) == sent | names


def test_the_token_cache_holds_tokens_and_nothing_else(run: Run, marks: Marks) -> None:
    assert set(run.tokens) == {"token:S1", "token:S2", "token:S9"}
    assert {tuple(marks.found_in(text)) for text in run.tokens.values()} == {("token",)}


def test_messages_were_waiting_when_redis_was_searched(run: Run) -> None:
    assert run.queued.count("STORED-1") == KINDS


def test_the_masks_hold_in_what_the_journal_shows_of_failed_documents(run: Run) -> None:
    assert len(run.failures) == FAILED
    masked = {name for failure in run.failures for name, value in failure["payload"].items() if value == MASK}
    assert masked == {
        *("customer_name", "seller_name", "national_prescription_id", "supplier_name", "recipient_name"),
        *("ho_ten_khach_hang", "ho_ten_nguoi_ban", "ma_don_thuoc_quoc_gia", "ten_co_so_cung_cap", "ten_co_so_nhan"),
    }
    refused = [str(failure["error_message"]) for failure in run.failures if failure["business_id"] == "REFUSED-1"]
    assert all(MASK in message for message in refused)
    assert len(refused) == KINDS


def test_every_mark_would_be_found(marks: Marks) -> None:
    for name, value in asdict(marks).items():
        assert marks.found_in(f"({value.upper()})") == [name]
