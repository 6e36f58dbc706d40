"""What the processes are told of addresses and waits: seconds instead of minutes, and no other code."""

from collections.abc import Mapping

from tests.chaos.orders import DIRECTORY

WAITS = {
    "PHARMASYNC_SCAN_SECONDS": "0.3",
    "PHARMASYNC_QUEUE_HIGH_WATER": "80",
    "PHARMASYNC_QUEUED_LEASE_SECONDS": "6",
    "PHARMASYNC_SENDING_LEASE_SECONDS": "6",
    "PHARMASYNC_CONNECT_TIMEOUT_SECONDS": "2",
    "PHARMASYNC_READ_TIMEOUT_SECONDS": "5",
    "PHARMASYNC_TOTAL_TIMEOUT_SECONDS": "8",
    "PHARMASYNC_SEND_RETRY_SECONDS": "0.3",
    "PHARMASYNC_LOGIN_RETRY_SECONDS": "0.3",
    "PHARMASYNC_RETRY_FIRST_SECONDS": "0.5",
    "PHARMASYNC_RETRY_LONGEST_SECONDS": "4",
    "PHARMASYNC_UNCERTAIN_SECONDS": "2",
    "PHARMASYNC_CIRCUIT_PROBE_SECONDS": "2",
    "PHARMASYNC_ATTEMPTS": "60",
    "PHARMASYNC_POISON_ATTEMPTS": "20",
}
"""Production's twelve attempts last for hours, and would last for half a minute with these waits. Its five attempts
without an outcome are as many as the kills that a row of the matrix makes within a minute."""


def surroundings(
    environment: Mapping[str, str], *, sql_port: int, mongo_port: int, orders: str, more: Mapping[str, str]
) -> dict[str, str]:
    """The processes' environment: SQL Server and MongoDB through their proxies, and the run's waits.

    Args:
        environment: With the addresses of the servers themselves.
        sql_port: Where the proxy of SQL Server listens.
        mongo_port: Where that of MongoDB does.
        orders: The directory of the orders.
        more: Settings of this row's own.
    """
    return {
        **environment,
        "MSSQL_PORT": str(sql_port),
        "MONGO_URI": f"mongodb://127.0.0.1:{mongo_port}/",
        DIRECTORY: orders,
        **WAITS,
        **more,
    }
