"""Run the practice national API: ``python -m pharmasync.sandbox.national``."""

import argparse
import sys
from collections.abc import Sequence

from pharmasync.sandbox.national.accounts import Account
from pharmasync.sandbox.national.changes import ChangeError, from_pairs
from pharmasync.sandbox.national.faults import Faults
from pharmasync.sandbox.national.server import DEFAULT_PORT, serve
from pharmasync.sandbox.national.switches import Switches


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and serve until SIGTERM or SIGINT.

    Returns:
        0 after a signal, 1 if the port cannot be had; a wrong command line ends with 2.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        accounts = _accounts(options.account, options.facilities)
        switches = from_pairs(Switches(), options.switch)
        faults = from_pairs(Faults(), options.fault)
    except ChangeError as error:
        parser.error(str(error))
    try:
        serve(options.host, options.port, accounts, switches, faults, options.seed)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pharmasync.sandbox.national", description="A national API to practise with."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port, 0 for any (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="what the faults are drawn from (default: %(default)s)")
    repeated: list[tuple[str, str, str]] = [
        ("--account", "ACCOUNT=PASSWORD", "an account; without any, all are accepted"),
        ("--facilities", "ACCOUNT=CODE,CODE", "the only facilities the account may send for"),
        ("--switch", "NAME=VALUE", "a switch, such as second_post=reject"),
        ("--fault", "NAME=VALUE", "a fault, such as lost_answer=0.01"),
    ]
    for option, form, words in repeated:
        parser.add_argument(option, metavar=form, action="append", default=[], help=f"{words}; may be repeated")
    return parser


def _accounts(passwords: Sequence[str], facilities: Sequence[str]) -> dict[str, Account]:
    allowed = {name: frozenset(codes.split(",")) for name, codes in map(_pair, facilities)}
    accounts = {name: Account(password, allowed.pop(name, frozenset())) for name, password in map(_pair, passwords)}
    if allowed:
        raise ChangeError(f"facilities of an unknown account {', '.join(allowed)}")
    return accounts


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise ChangeError(f"{text!r} is not of the form ACCOUNT=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
