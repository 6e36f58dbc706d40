"""The settings, read from the environment and from nowhere else.

A missing or wrong one is a :class:`~pharmasync.errors.SettingError` whose one line names it and what it expects.
"""

from pharmasync.settings.declared import declared
from pharmasync.settings.every import Settings
from pharmasync.settings.loading import load
from pharmasync.settings.unknown import unknown

__all__ = ["Settings", "declared", "load", "unknown"]
