"""The producer: scans SQL Server for due rows, claims them and enqueues a message each."""

from pharmasync.schedulers.producer import Producer, Scan

__all__ = ["Producer", "Scan"]
