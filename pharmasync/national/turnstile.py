"""The turnstile that every call to the national API passes, documents and logins alike."""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

_OPEN: AbstractContextManager[None] = nullcontext()


class Turnstile(Protocol):
    """Lets calls through as the limits allow."""

    def pass_for(self, shop_id: str) -> AbstractContextManager[None]:
        """Waits until a call of the shop may be made; the call counts as under way until the context ends.

        Raises:
            LimitReachedError: On entering, where that would take too long.
        """


class OpenTurnstile:
    """No limit is set: everybody passes, at no cost."""

    def pass_for(self, shop_id: str) -> AbstractContextManager[None]:  # noqa: ARG002 - everybody
        """Passes."""
        return _OPEN
