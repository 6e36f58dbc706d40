"""What happens around a delivery: each middleware does one thing."""

from pharmasync.middleware.holding import HoldInHand
from pharmasync.middleware.journalling import Journalling
from pharmasync.middleware.retries import Retries
from pharmasync.middleware.sizing import Sizing

__all__ = ["HoldInHand", "Journalling", "Retries", "Sizing"]
