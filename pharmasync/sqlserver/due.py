"""The one rule that picks work (contract, "The state of a row"): an open status, and ``sync_due_at`` NULL or past.

The rule as a whole guards every claim. Its OR cannot be sought in an index in order, so that rows are picked by its two
halves, the lanes, each of which is one range of an index: what a pick reads is what it gives, whatever else there is.
"""

from pharmasync.decisions.sharing import Lane
from pharmasync.decisions.status import OPEN
from pharmasync.sqlserver.statements import NOW, listed, places

IS_OPEN = f"status IN ({places(OPEN)})"
"""Word for word what the indexes' condition says; SQL Server uses them for nothing else."""

IS_OPEN_VALUES = listed(OPEN)
"""Its parameters."""

DUE = f"{IS_OPEN} AND (sync_due_at IS NULL OR sync_due_at <= {NOW})"

NOW_AS_KEPT = f"CAST({NOW} AS DATETIME2(3))"
"""The time in the type of ``sync_due_at``: compared with another type, SQL Server might not seek in order."""

IN_LANE = {Lane.NEW: "sync_due_at IS NULL", Lane.RETURNING: f"sync_due_at <= {NOW_AS_KEPT}"}
"""The half of the rule that each lane is."""

CLAIM_KEY = "shop_pharmacy_code, sync_due_at, created_at, id"
"""The index for the claims: a shop, a lane, and the lane's order."""

IN_CLAIM_ORDER = "ORDER BY sync_due_at, created_at, id"
"""The order in a lane of a shop, as the index has it: the column that is NULL in one of them is named there too."""

LOOK_KEY = "sync_due_at, shop_pharmacy_code"
"""The index for the look for work: a lane, and the shops in it."""

IN_LOOK_ORDER = f"ORDER BY {LOOK_KEY}"
