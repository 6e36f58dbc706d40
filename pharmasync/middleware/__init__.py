"""What happens around a delivery: each middleware does one thing."""

from pharmasync.middleware.closing import CloseInTime
from pharmasync.middleware.collecting import KeepWhatStays
from pharmasync.middleware.complaining import ComplainSeldom
from pharmasync.middleware.holding import HoldInHand
from pharmasync.middleware.journalling import Journalling
from pharmasync.middleware.repeating import TellReasonsOnce
from pharmasync.middleware.retries import Retries
from pharmasync.middleware.sizing import Sizing
from pharmasync.middleware.stopping import StopOnce
from pharmasync.middleware.switching import SwitchSeldom
from pharmasync.middleware.telling import TellExposure

__all__ = [
    "CloseInTime",
    "ComplainSeldom",
    "HoldInHand",
    "Journalling",
    "KeepWhatStays",
    "Retries",
    "Sizing",
    "StopOnce",
    "SwitchSeldom",
    "TellExposure",
    "TellReasonsOnce",
]
