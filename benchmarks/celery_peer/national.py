"""The calls to the national API with httpx, repeated by tenacity; one client a thread."""

import os
import ssl
import threading
from functools import cache

import httpx
import redis
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

from benchmarks.celery_peer.rows import account_of
from pharmasync.documents import DocumentType
from pharmasync.national.v1.adapter import DOCUMENTS, LOGIN
from pharmasync.national.v1.wire import FORMS

TOKEN_SECONDS = 1500
JSON = "application/json; charset=utf-8"

_local = threading.local()
_tokens: dict[str, str] = {}

repeated = retry(
    retry=retry_if_exception_type((httpx.TransportError, httpx.HTTPStatusError)),
    stop=stop_after_attempt(3),
    wait=wait_exponential(multiplier=1, max=10),
    reraise=True,
)


@repeated
def post(kind: DocumentType, shop: str, body: bytes) -> str:
    """Stores a document and returns its national id."""
    form = FORMS[kind.name]
    headers = {"Authorization": f"bearer {_token(shop)}", "Content-Type": JSON}
    response = _client().post(DOCUMENTS + form.path, content=body, headers=headers)
    response.raise_for_status()
    answer = response.json()
    if str(answer["code"]) != "200":
        raise ValueError(answer.get("mess"))
    return str(answer[form.national_id])


def _token(shop: str) -> str:
    """The shop's token: from this process, from Redis, or from a login."""
    token = _tokens.get(shop)
    if token is None:
        cached = _redis().get(f"token:{shop}")
        token = cached.decode() if isinstance(cached, bytes) else _log_in(shop)
        _tokens[shop] = token
    return token


def _log_in(shop: str) -> str:
    account, password = account_of(shop)
    response = _client().post(LOGIN, json={"usr": account, "pwd": password})
    response.raise_for_status()
    token = str(response.json()["token"])
    _redis().set(f"token:{shop}", token, ex=TOKEN_SECONDS)
    return token


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(os.environ["REDIS_URL"])


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: each client would spend 20 ms on it."""
    return ssl.create_default_context()


def _client() -> httpx.Client:
    client: httpx.Client | None = getattr(_local, "client", None)
    if client is None:
        client = _local.client = httpx.Client(
            base_url=os.environ["API_BASE_URL"], timeout=60.0, verify=_certificates(), trust_env=False
        )
    return client
