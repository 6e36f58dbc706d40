"""What is less safe than it could be, said once when a process starts."""

import logging

from pharmasync.errors import ServerAwayError, StatementError
from pharmasync.secrets import is_clear_text
from pharmasync.settings import Settings
from pharmasync.settings.tls import REQUIRE
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.passwords import account_rows

logger = logging.getLogger(__name__)


def warn_of_exposure(settings: Settings, sql: SqlServer) -> None:
    """Logs a warning for each weakness; a SQL Server that is away, or has no tables yet, is passed over."""
    if settings.mssql_encryption != REQUIRE:
        logger.warning(
            "SQL Server may be talked to in clear text: PHARMASYNC_MSSQL_ENCRYPTION is %r, `require` is safe",
            settings.mssql_encryption,
        )
    try:
        rows = account_rows(sql)
    except (ServerAwayError, StatementError):  # whoever needs SQL Server says so; `pharmasync check` tells the rest
        return
    in_clear_text = sum(is_clear_text(row.password) for row in rows)
    if in_clear_text:
        logger.warning(
            "passwords in clear text in AccountShop: %d; `pharmasync shops encrypt` encrypts them%s",
            in_clear_text,
            "" if settings.secret_keys else ", once PHARMASYNC_SECRET_KEY is set",
        )
