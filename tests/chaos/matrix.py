"""The matrix: every row, and the few of them that belong to every run of the tests."""

import attrs

from tests.chaos import mongo, national_api, redis_server, sql_server, workers
from tests.chaos.crew import Hosts
from tests.chaos.point import Point
from tests.chaos.row import Row
from tests.chaos.workers import DieAt

KILLS = 6

AT_EVERY_STEP = (
    Row(name="worker-claimed", breaks="worker killed after claim", strike=DieAt(Point.CLAIMED), strikes=KILLS),
    Row(name="worker-begun", breaks="worker killed after begin", strike=DieAt(Point.BEGUN), strikes=KILLS),
    Row(
        name="worker-logged-in",
        breaks="worker killed after a login, before anybody has its token",
        strike=DieAt(Point.LOGGED_IN, latest=2),
        strikes=KILLS,
        switches={"token_lifetime": 2},
    ),
    Row(name="worker-unsent", breaks="worker killed before the request", strike=DieAt(Point.UNSENT), strikes=KILLS),
    Row(name="worker-sent", breaks="worker killed after the request", strike=DieAt(Point.SENT), strikes=KILLS),
    Row(
        name="worker-held",
        breaks="worker killed after the API stored, before its answer",
        strike=workers.DieWhileAnswersAreHeld(),
        strikes=KILLS,
    ),
    Row(name="worker-answered", breaks="worker killed after the answer", strike=DieAt(Point.ANSWERED), strikes=KILLS),
    Row(
        name="worker-decided",
        breaks="worker killed before the outcome is written",
        strike=DieAt(Point.DECIDED),
        strikes=KILLS,
    ),
    Row(
        name="worker-written",
        breaks="worker killed after the outcome, before the acknowledgement",
        strike=DieAt(Point.WRITTEN),
        strikes=KILLS,
    ),
)

OTHER_KILLS = (
    Row(
        name="producer-taken",
        breaks="producer killed after its claim",
        strike=DieAt(Point.TAKEN, latest=2),
        strikes=KILLS,
    ),
    Row(
        name="producer-half-enqueued",
        breaks="producer killed amid its messages",
        strike=DieAt(Point.HALF_ENQUEUED, latest=2),
        strikes=KILLS,
    ),
    Row(name="producer-any", breaks="producer killed at any moment", strike=workers.kill_a_producer, strikes=KILLS),
    Row(
        name="master", breaks="Dramatiq's master killed, its workers stay", strike=workers.kill_a_master, strikes=KILLS
    ),
    Row(name="everybody", breaks="all processes killed together", strike=workers.kill_everybody, strikes=5),
)

FEW_THREADS = {"PHARMASYNC_WORKER_THREADS": "4", "PHARMASYNC_WORKER_PREFETCH": "4"}
"""So few that most messages are in Redis when it is broken, and not in the workers."""

REDIS = tuple(
    attrs.evolve(row, settings=FEW_THREADS)
    for row in (
        Row(name="redis-stopped", breaks="Redis stopped for 10 s, old messages back", strike=redis_server.Stopped(10)),
        Row(name="redis-killed", breaks="Redis killed without saving", strike=redis_server.kill, strikes=5),
        Row(name="redis-frozen", breaks="Redis frozen for 10 s", strike=redis_server.Frozen(10)),
        Row(name="redis-emptied", breaks="FLUSHALL with messages in flight", strike=redis_server.empty, strikes=5),
        Row(name="redis-full", breaks="Redis out of memory for 6 s", strike=redis_server.Full(6), strikes=2),
    )
)

SQL_SERVER = (
    Row(name="sql-cut", breaks="connections cut in the middle of a statement", strike=sql_server.Cut(5), strikes=5),
    Row(name="sql-refused", breaks="connections refused for 10 s", strike=sql_server.Refused(10), strikes=2),
    Row(name="sql-hung", breaks="statements hang past their time-out", strike=sql_server.Hung(3, 34), strikes=2),
    Row(name="sql-deadlock", breaks="error 1205 in 10 % of statements", deadlocks=0.1),
)

MONGODB = (
    Row(name="mongo-stopped", breaks="MongoDB away for 20 s", strike=mongo.Stopped(20)),
    Row(name="mongo-slow", breaks="MongoDB slow, 0.5 s a packet", strike=mongo.Slow(0.5)),
)

NATIONAL_API = (
    Row(name="api-down", breaks="national API down for 30 s", strike=national_api.Down(30)),
    Row(name="api-lost-answers", breaks="5 % of answers lost after storing", faults={"lost_answer": 0.05}),
    Row(name="api-500", breaks="2 % HTTP 500", faults={"error_500": 0.02}),
    Row(name="api-502", breaks="5 % HTML 502", faults={"html_502": 0.05}),
    Row(
        name="api-429",
        breaks="10 % HTTP 429, Retry-After in seconds and as a date",
        faults={"rate_limited": 0.05, "rate_limited_date": 0.05, "retry_after_seconds": 2},
    ),
    Row(
        name="api-tokens",
        breaks="tokens expire every 5 s",
        switches={"token_lifetime": 5, "delay_ms": 300},
        settings=FEW_THREADS,
    ),
    Row(name="api-drip", breaks="4 % of answers a byte a second", faults={"drip": 0.04}),
    Row(name="api-endless", breaks="4 % of bodies never end", faults={"endless_body": 0.04}),
    Row(name="api-redirect", breaks="5 % redirects", faults={"redirect": 0.05}),
    Row(name="api-half-way", breaks="5 % of answers closed half-way", faults={"closed_half_way": 0.05}),
    Row(
        name="api-other-document",
        breaks="5 % of answers for another document",
        faults={"other_document": 0.05},
        switches={"answer_form": "echo"},
    ),
)

TOGETHER = (
    Row(
        name="frozen",
        breaks="one worker group of two frozen for 9 s",
        strike=workers.Freeze(9),
        strikes=5,
        hosts=Hosts(groups=2, processes=1),
    ),
    Row(
        name="crowd",
        breaks="two producers, three worker groups; workers killed",
        strike=workers.kill_a_worker,
        strikes=KILLS,
        hosts=Hosts(producers=2, groups=3, processes=1),
    ),
    Row(
        name="clock-ahead",
        breaks="one host of two 90 s ahead; workers killed, 2 % HTTP 500",
        strike=workers.kill_a_worker,
        strikes=KILLS,
        hosts=Hosts(producers=2, groups=2, processes=1, ahead=90),
        faults={"error_500": 0.02},
    ),
)

LIMITS = tuple(
    attrs.evolve(
        row,
        hosts=Hosts(groups=2, processes=1),
        settings={"PHARMASYNC_API_MAX_CALLS": "12", "PHARMASYNC_API_MAX_CALLS_PER_SHOP": "3"},
    )
    for row in (
        Row(
            name="limits-killed",
            breaks="12 calls at once, 3 a shop; workers killed with their slots",
            strike=workers.kill_a_worker,
            strikes=KILLS,
        ),
        Row(
            name="limits-redis",
            breaks="12 calls at once, 3 a shop; Redis killed without saving",
            strike=redis_server.kill,
            strikes=5,
        ),
    )
)

MATRIX = {
    row.name: row
    for row in (*AT_EVERY_STEP, *OTHER_KILLS, *REDIS, *SQL_SERVER, *MONGODB, *NATIONAL_API, *TOGETHER, *LIMITS)
}
"""Every row by its name, in the order in which they run."""

SHORT_DOCUMENTS = 90
SHORT_STRIKES = 2
IN_SHORT = ("worker-sent", "redis-emptied", "sql-cut", "api-lost-answers")


def shortened(row: Row) -> Row:
    """The row with few documents and few strikes."""
    return attrs.evolve(row, documents=SHORT_DOCUMENTS, strikes=min(row.strikes, SHORT_STRIKES))


SHORT = {name: shortened(MATRIX[name]) for name in IN_SHORT}
"""What ``make test`` runs of it: a worker, the national API, Redis, SQL Server."""
