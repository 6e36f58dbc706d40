"""The practice national API: a real HTTP server to try a client against, with every known misbehaviour as a switch.

It is written from the published descriptions of the national API and shares no code with the client, so that each
checks the other.
"""

from pharmasync.sandbox.national.accounts import Account
from pharmasync.sandbox.national.changes import ChangeError, changed, from_pairs
from pharmasync.sandbox.national.faults import Faults
from pharmasync.sandbox.national.server import DEFAULT_PORT, PracticeNationalAPI, serve
from pharmasync.sandbox.national.store import Store, StoredDocument
from pharmasync.sandbox.national.switches import Switches

__all__ = [
    "DEFAULT_PORT",
    "Account",
    "ChangeError",
    "Faults",
    "PracticeNationalAPI",
    "Store",
    "StoredDocument",
    "Switches",
    "changed",
    "from_pairs",
    "serve",
]
