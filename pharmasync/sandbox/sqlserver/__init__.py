"""A practice SQL Server: TDS 7.4 in front of SQLite, for tests and demonstrations on one machine.

The real driver connects to it, and it takes the statement shapes that this project sends. Every other statement is
refused with error 50000, whose text shows the statement. It proves driver, protocol and flow. It does not prove that
the T-SQL is valid on a real server: run the same tests against one for that.

What differs from a real server: every statement runs alone and is committed at once, so that a ROLLBACK is refused; a
database that is still in use can be dropped; times have six digits; there is no encryption, and one login.
"""

from pharmasync.sandbox.sqlserver.server import PracticeSQLServer

__all__ = ["PracticeSQLServer"]
