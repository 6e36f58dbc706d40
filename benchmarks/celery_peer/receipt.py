"""The app of the purchase receipts."""

import os

from benchmarks.celery_peer.delivery import open_app
from pharmasync.documents import PURCHASE_RECEIPT

app = open_app(PURCHASE_RECEIPT, os.environ["REDIS_URL"])
