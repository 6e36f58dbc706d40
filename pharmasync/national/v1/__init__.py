"""Version 1 of the national API (duocquocgia.com.vn): its words, its answers, its calls."""

from pharmasync.national.v1.adapter import Version1

__all__ = ["Version1"]
