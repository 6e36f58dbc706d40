"""Asks the practice national API what it holds, and tells it what shall go wrong."""

from collections.abc import Mapping
from typing import Any

import requests
from attrs import frozen

from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.errors import ServerAwayError
from pharmasync.national.v1.wire import FORMS
from pharmasync.sandbox.demo.verdict import HeldDocument

TIMEOUT_SECONDS = 10.0


@frozen
class PracticeApi:
    """The control calls of the practice national API at ``url``."""

    url: str

    def state(self) -> dict[str, Any]:
        """All its counts."""
        state: dict[str, Any] = self._call("GET", "state")
        return state

    def switch_on(self, faults: Mapping[str, float]) -> None:
        """Sets how often what goes wrong."""
        self._call("PATCH", "faults", dict(faults))

    def documents(self) -> list[HeldDocument]:
        """Every document that it holds."""
        return [_held(shown) for shown in self._call("GET", "documents")]

    def bad_logins(self) -> dict[str, int]:
        """How often each account was refused, where it was."""
        logins: dict[str, dict[str, int]] = self.state()["logins"]
        return {account: counts["bad_logins"] for account, counts in logins.items() if counts["bad_logins"]}

    def _call(self, method: str, path: str, body: object = None) -> Any:
        """What the server answers.

        Raises:
            ServerAwayError: It does not.
        """
        with requests.Session() as session:
            session.trust_env = False  # a proxy of the machine knows nothing about loopback
            try:
                response = session.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=TIMEOUT_SECONDS)
                response.raise_for_status()
            except requests.RequestException as error:
                raise ServerAwayError("the practice national API", error) from error
            return response.json()


def _held(shown: Mapping[str, Any]) -> HeldDocument:
    """A document as the API shows it."""
    kind = next(kind for kind in DOCUMENT_TYPES if FORMS[kind.name].path == shown["kind"])
    form = FORMS[kind.name]
    lines = shown["body"][form.word("lines")]
    return HeldDocument(
        kind=kind.name,
        facility=shown["facility"],
        code=shown["code"],
        national_ids=tuple(shown["national_ids"]),
        drugs=tuple((line[form.word("drug_code")], int(line[form.word("quantity")])) for line in lines),
    )
