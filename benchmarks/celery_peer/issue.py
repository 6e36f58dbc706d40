"""The app of the goods issue slips."""

import os

from benchmarks.celery_peer.delivery import open_app
from pharmasync.documents import GOODS_ISSUE_SLIP

app = open_app(GOODS_ISSUE_SLIP, os.environ["REDIS_URL"])
