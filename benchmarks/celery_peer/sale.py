"""The app of the sales invoices."""

import os

from benchmarks.celery_peer.delivery import open_app
from pharmasync.documents import SALES_INVOICE

app = open_app(SALES_INVOICE, os.environ["REDIS_URL"])
