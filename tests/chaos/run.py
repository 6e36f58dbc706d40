"""Runs one row: load, break, wait for rest, compare."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from attrs import field, frozen

from pharmasync.sandbox.demo.documents import make_documents
from pharmasync.sandbox.demo.flaws import spoil_some
from pharmasync.sandbox.demo.loading import LoadedDocument, load_documents, load_shops
from pharmasync.sandbox.demo.rows import expected_document, read_rows
from pharmasync.sandbox.demo.shops import SHOPS
from pharmasync.sqlserver.shops import paused_shops
from tests.chaos.crew import running
from tests.chaos.dice import dice_for
from tests.chaos.incidents import Incident, slowest_seconds
from tests.chaos.journal import JournalledAttempt, read_journal
from tests.chaos.row import Row, StrikeMissedError
from tests.chaos.verdict import Evidence, Finding, judge
from tests.chaos.workers import KILLS
from tests.chaos.world import VICTIM, World, open_world

LOG_TAIL = 3_000

NEEDED_LOGINS = sum(shop.can_log_in for shop in SHOPS)
"""One a shop; what there is beyond is trouble's."""


@frozen(kw_only=True)
class Result:
    """What came of a row.

    Attributes:
        row: The row.
        done: What was done, and how often.
        missed: Strikes that found nothing to break: such a row proves too little.
        findings: Everything that must not be.
        slowest: Seconds until the last affected row came to rest.
        seconds: How long the whole row took.
        logs: The ends of the processes' logs, where something is wrong.
    """

    row: Row
    done: dict[str, int]
    missed: int
    findings: Sequence[Finding]
    slowest: float
    seconds: float
    logs: str = field(repr=False)

    @property
    def fine(self) -> bool:
        """Whether everything was broken that was to be, and nothing must not be."""
        return not self.findings and not self.missed

    def count(self, sort: str) -> int:
        """How many findings there are of a sort."""
        return sum(finding.sort == sort for finding in self.findings)


def run_row(row: Row, seed: int) -> Result:
    """Runs the row; the same seed makes the same choices."""
    began = time.monotonic()
    dice = dice_for(seed, row.name)
    with open_world(row, seed) as world:
        loaded = _load(world, row, seed)
        world.town.api.switch_on(row.faults)
        missed = 0
        with running(world.crew):
            for portion in _portions(loaded, row.strikes):
                missed += not _struck(world, row, portion, dice)
            _wait_for_rest(world, row.patience)
        journal = read_journal(world.town.mongod.url, world.town.read_settings().mongo_db_name)
        findings = judge(_evidence(world, loaded, journal))
        return Result(
            row=row,
            done=_done(world),
            missed=missed,
            findings=findings,
            slowest=slowest_seconds(world.incidents or _tries(world, loaded, journal), world.ledger.settled_at()),
            seconds=time.monotonic() - began,
            logs=_tails(world.logs) if findings or missed else "",
        )


def _struck(world: World, row: Row, portion: Sequence[LoadedDocument], dice: Random) -> bool:
    """Lets a crew that is at work have a portion, and breaks something; False where there was nothing to break."""
    with suppress(StrikeMissedError):  # the portion is theirs all the same
        world.wait_for(lambda: world.crew.ready)
    world.ledger.release(portion)
    try:
        row.strike(world, dice)
    except StrikeMissedError:
        return False
    return True


def _load(world: World, row: Row, seed: int) -> list[LoadedDocument]:
    """Loads every document, none of them due."""
    dice = dice_for(seed, "documents")
    documents = spoil_some(make_documents(row.documents, dice, datetime.now(UTC).date()), dice)
    load_shops(world.ledger.sql, SHOPS)
    loaded = load_documents(world.ledger.sql, documents)
    world.ledger.hold_all()
    return dice.sample(loaded, len(loaded))


def _portions(documents: Sequence[LoadedDocument], count: int) -> Iterator[Sequence[LoadedDocument]]:
    size = -(-len(documents) // count)
    for start in range(0, len(documents), size):
        yield documents[start : start + size]


def _wait_for_rest(world: World, seconds: float) -> None:
    try:
        world.wait_for(world.ledger.at_rest, seconds)
    except StrikeMissedError:
        return  # the verdict names what is stuck


def _evidence(world: World, loaded: Sequence[LoadedDocument], journal: Sequence[JournalledAttempt]) -> Evidence:
    sql = world.ledger.sql
    return Evidence(
        expected=[expected_document(one) for one in loaded],
        rows=read_rows(sql),
        held=world.town.api.documents(),
        journal=journal,
        journal_is_whole=not world.done[KILLS],
        paused=paused_shops(sql),
        locked=world.town.api.state()["locked_accounts"],
    )


def _done(world: World) -> dict[str, int]:
    """What was done to the world, and what the servers did wrong by themselves; nothing that never happened."""
    api = world.town.api.state()
    logins = sum(account["logins"] for account in api["logins"].values())
    victims = world.sql_server.victims
    done = {**world.done, **api["faults_played"], f"{VICTIM}s": victims, "further logins": logins - NEEDED_LOGINS}
    return {what: times for what, times in done.items() if times > 0}


def _tries(world: World, loaded: Sequence[LoadedDocument], journal: Sequence[JournalledAttempt]) -> list[Incident]:
    """Where nothing but single calls was broken: the end of the first attempt of each row that took more than one."""
    rows = {(one.made.kind.name, one.made.shop.id, one.made.local_id): one for one in loaded}
    retried = world.ledger.retried()
    first: dict[tuple[str, int], datetime] = {}
    for attempt in journal:
        one = rows[attempt.kind, attempt.shop, attempt.code]
        first.setdefault((one.made.kind.name, one.id), attempt.completed_at)
    return [Incident(moment, [row]) for row, moment in first.items() if row in retried]


def _tails(logs: Path) -> str:
    return "\n".join(
        f"--- {log.name}\n{log.read_text(errors='replace')[-LOG_TAIL:]}" for log in sorted(logs.glob("*.log"))
    )
