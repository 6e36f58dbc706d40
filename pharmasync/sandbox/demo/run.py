"""The story of the demo, from the servers' start to the verdict."""

import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from attrs import define, field
from rich.console import Console

from pharmasync.journal import connect
from pharmasync.sandbox.demo.documents import make_documents
from pharmasync.sandbox.demo.events import Events
from pharmasync.sandbox.demo.flaws import spoil_some
from pharmasync.sandbox.demo.loading import LoadedDocument, load_documents, load_shops
from pharmasync.sandbox.demo.plan import FAULTS, Plan
from pharmasync.sandbox.demo.processes import ProcfileProcess, read_procfile
from pharmasync.sandbox.demo.progress import open_view
from pharmasync.sandbox.demo.report import Ending, print_ending, print_how_to_play
from pharmasync.sandbox.demo.rows import expected_document, read_rows
from pharmasync.sandbox.demo.shops import SHOPS
from pharmasync.sandbox.demo.snapshot import take_snapshot
from pharmasync.sandbox.demo.stopping import StopRequested, StopSignal, stop_signal
from pharmasync.sandbox.demo.town import Town, open_town
from pharmasync.sandbox.demo.verdict import judge
from pharmasync.sqlserver.schema import create_or_extend
from pharmasync.sqlserver.shops import paused_shops
from pharmasync.wiring import sql_server

TROUBLE = 1

LOOK_SECONDS = 0.4
"""The time between two looks at the rows."""


def run(plan: Plan, console: Console) -> int:
    """Runs the demo and returns its exit status: 0 only where nothing was lost and nothing doubled."""
    with stop_signal() as stop:
        try:
            return _run(plan, console, stop)
        except StopRequested as request:
            with suppress(OSError):  # the terminal may be closed
                console.print("stopped; nothing is left running")
            return request.status


def _run(plan: Plan, console: Console, stop: StopSignal) -> int:
    """The order of things; what was opened last is closed first, whatever happens."""
    demo = Demo(plan=plan, console=console, stop=stop)
    with ExitStack() as running:
        console.print("starting four servers on loopback", style="bold")
        town = running.enter_context(open_town(plan.seed, demo.say_server))
        loaded = demo.load(town)
        demo.switch_on_faults(town)
        logs = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="pharmasync-demo-")))
        processes = demo.start_processes(town, logs, running)
        finished = demo.watch(town, loaded, processes)
        ending = demo.count(town, loaded, finished=finished)
        print_ending(console, ending)
        if plan.keep:
            print_how_to_play(console, town, str(logs))
            _keep(stop)
    return 0 if ending.fine else TROUBLE


def _keep(stop: StopSignal) -> None:
    """Waits for Ctrl-C, which is the regular end here."""
    try:
        stop.wait(None)
    except StopRequested:
        return


@define(kw_only=True)
class Demo:
    """The steps of a run."""

    plan: Plan
    console: Console
    stop: StopSignal
    _began: float = field(factory=time.monotonic, init=False)

    @property
    def seconds(self) -> float:
        """How long it runs."""
        return time.monotonic() - self._began

    def say_server(self, name: str, url: str) -> None:
        """A server answers; before the next one is started, somebody may want to stop."""
        self.console.print(f"  {name:<24} {url}")
        self.stop.check()

    def load(self, town: Town) -> list[LoadedDocument]:
        """Creates the tables and writes shops and documents into them."""
        dice = Random(self.plan.seed)  # noqa: S311 - the same documents for the same seed
        made = make_documents(self.plan.documents, dice, datetime.now(UTC).date())
        documents = spoil_some(made, dice)
        sql = sql_server(town.read_settings())
        create_or_extend(sql)
        load_shops(sql, SHOPS)
        self.stop.check()
        loaded = load_documents(sql, documents)
        sql.close()
        flawed = sum(document.flaw is not None for document in documents)
        wrong = ", ".join(shop.id for shop in SHOPS if not shop.can_log_in)
        self.console.print(
            f"loaded {len(loaded)} documents of {len(SHOPS)} shops; {flawed} are invalid, {wrong} has a wrong password"
        )
        return loaded

    def switch_on_faults(self, town: Town) -> None:
        """Lets the national server go wrong from now on."""
        town.api.switch_on(FAULTS)
        told = ", ".join(f"{name} {rate:.0%}" for name, rate in FAULTS.items())
        self.console.print(f"the national API goes wrong now: {told}")

    def start_processes(self, town: Town, logs: Path, running: ExitStack) -> list[ProcfileProcess]:
        """Starts the workers and the producer, as the Procfile says."""
        processes = []
        for name, command in read_procfile(Path.cwd()).items():
            process = ProcfileProcess(name, command, town.environment(), logs)
            self.console.print(f"{name}: {' '.join(process.command)}")
            processes.append(running.enter_context(process))
            self.stop.check()
        self.console.print()
        return processes

    def watch(self, town: Town, loaded: Sequence[LoadedDocument], processes: Sequence[ProcfileProcess]) -> bool:
        """Shows the documents travel until all are at rest; False where time ran out or a process ended."""
        settings = town.read_settings()
        sql = sql_server(settings)
        rows_of_shop = Counter(document.made.shop.id for document in loaded)
        journal = connect(settings.mongo_uri, settings.mongo_db_name)
        events = Events(journal)
        with journal.client, open_view(self.console) as view:
            while self.seconds < self.plan.watch_seconds:
                snapshot = take_snapshot(sql)
                view.show(snapshot, events.look(), self.seconds)
                if snapshot.at_rest(rows_of_shop):
                    return True
                if any(process.ended for process in processes):
                    break
                self.stop.wait(LOOK_SECONDS)
        self._say_what_is_stuck(processes)
        return False

    def count(self, town: Town, loaded: Sequence[LoadedDocument], *, finished: bool) -> Ending:
        """Compares the rows with what the national server holds."""
        sql = sql_server(town.read_settings())
        paused = paused_shops(sql)
        verdict = judge([expected_document(one) for one in loaded], read_rows(sql), town.api.documents(), paused)
        return Ending(
            verdict=verdict,
            finished=finished,
            faults=town.api.state()["faults_played"],
            bad_logins=town.api.bad_logins(),
            wrong_accounts=frozenset(shop.account for shop in SHOPS if not shop.can_log_in),
            paused=paused,
            seconds=self.seconds,
        )

    def _say_what_is_stuck(self, processes: Sequence[ProcfileProcess]) -> None:
        for process in processes:
            state = "ended by itself" if process.ended else "is running"
            self.console.print(f"{process.name} {state}; the end of its log:", style="red")
            self.console.print(process.tail, markup=False, highlight=False)
