"""What is printed at the end: the table, the reasons, and how to go on playing."""

import shlex
from collections.abc import Mapping

from attrs import frozen
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sandbox.demo.town import Town
from pharmasync.sandbox.demo.verdict import OUTCOMES, Verdict

MOST_FINDINGS = 10
COMMANDS = ("pharmasync status", "pharmasync failures", "pharmasync retry --all", "pharmasync check")


@frozen(kw_only=True)
class Ending:
    """How a run ended.

    Attributes:
        verdict: What became of the documents.
        finished: Whether everything came to rest in time.
        faults: What the national server did wrong, and how often.
        bad_logins: The refused logins by account.
        wrong_accounts: The accounts that are to have one each, those with a wrong password.
        paused: The paused shops and why.
        seconds: How long it took.
    """

    verdict: Verdict
    finished: bool
    faults: Mapping[str, int]
    bad_logins: Mapping[str, int]
    wrong_accounts: frozenset[str]
    paused: Mapping[str, str]
    seconds: float

    @property
    def one_bad_login_each(self) -> bool:
        """Whether every wrong password was tried just once: more would lock a pharmacy's account."""
        return dict(self.bad_logins) == dict.fromkeys(self.wrong_accounts, 1)

    @property
    def fine(self) -> bool:
        """Whether the run proves what it is to prove."""
        return self.finished and self.verdict.fine and self.one_bad_login_each


def print_ending(console: Console, ending: Ending) -> None:
    """Prints how it ended; the last line is the verdict's."""
    console.print()
    console.print(_table(ending.verdict))
    played = ", ".join(f"{count} x {name}" for name, count in sorted(ending.faults.items()))
    console.print(f"went wrong on the way: {played or 'nothing'}")
    for shop, reason in ending.paused.items():
        console.print(f"paused: {shop}: {escape(reason)}")
    logins = ", ".join(f"{account} {count}" for account, count in ending.bad_logins.items())
    console.print(f"refused logins, as the national API counts them: {logins or 'none'}")
    _print_reasons(console, ending.verdict)
    _print_findings(console, ending)
    console.print(f"took {ending.seconds:.0f} s")
    console.print(ending.verdict.line, style="bold green" if ending.fine else "bold red")


def print_how_to_play(console: Console, town: Town, logs: str) -> None:
    """Prints where everything is and how to use pharmasync against it."""
    console.rule("it goes on running until Ctrl-C")
    for name, server in town.servers.items():
        console.print(f"{name:<24} {server.url}")
    console.print(f"{'logs':<24} {logs}")
    console.print("\nIn another shell:\n", style="bold")
    for name, value in town.settings.items():
        console.print(f"export {name}={shlex.quote(value)}", soft_wrap=True)
    console.print()
    for command in COMMANDS:
        console.print(command)
    console.print("\nThe national API's page is good for a browser; its faults are changed by, for example:")
    console.print(
        f"curl -X PATCH {town.national.url}/_sandbox/faults -d '{{\"lost_answer\": 0.5}}'", soft_wrap=True, markup=False
    )


def _table(verdict: Verdict) -> Table:
    table = Table("rows by outcome", *OUTCOMES, "national API holds", title="the count", title_justify="left")
    table.columns[0].no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for kind in DOCUMENT_TYPES:
        outcomes = verdict.outcomes.get(kind.name, {})
        counts = [str(outcomes.get(outcome, 0)) for outcome in OUTCOMES]
        table.add_row(kind.title.en, *counts, str(verdict.held.get(kind.name, 0)))
    sums = [str(sum(of_kind.get(outcome, 0) for of_kind in verdict.outcomes.values())) for outcome in OUTCOMES]
    table.add_section()
    table.add_row("all", *sums, str(sum(verdict.held.values())), style="bold")
    return table


def _print_reasons(console: Console, verdict: Verdict) -> None:
    console.print(f"refused: {verdict.refused}" + (", most often because of" if verdict.reasons else ""))
    for reason, count in verdict.reasons:
        console.print(f"  {count:>3} x {escape(reason)}")


def _print_findings(console: Console, ending: Ending) -> None:
    if not ending.finished:
        console.print("not everything came to rest in time", style="red")
    if not ending.one_bad_login_each:
        console.print("a wrong password is to be tried once, not more, not less", style="red")
    for title, findings in (("lost", ending.verdict.lost), ("doubled", ending.verdict.doubled)):
        for finding in findings[:MOST_FINDINGS]:
            console.print(f"{title}: {escape(finding)}", style="red")
        if len(findings) > MOST_FINDINGS:
            console.print(f"{title}: and {len(findings) - MOST_FINDINGS} more", style="red")
