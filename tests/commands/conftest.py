"""Runs commands in this process, with the environment of real and practice servers."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import frozen
from click.testing import CliRunner
from pymongo.database import Database

from pharmasync.commands.group import pharmasync
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.sandbox.servers import Mongod
from pharmasync.sqlserver.connection import Address
from tests.environment import environment


@frozen
class Printed:
    """What a command printed, and its exit status."""

    status: int
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


Run = Callable[..., Printed]


@pytest.fixture
def national_url() -> Iterator[str]:
    with PracticeNationalAPI() as server:
        yield server.url


@pytest.fixture
def servers(
    empty_database: Address, redis_url: str, mongod: Mongod, mongo_database: Database[Any], national_url: str
) -> dict[str, str]:
    return environment(
        empty_database,
        redis_url=redis_url,
        api_url=national_url,
        MONGO_URI=mongod.url,
        MONGO_DB_NAME=mongo_database.name,
        PHARMASYNC_CONNECT_TIMEOUT_SECONDS="2",
    )


@pytest.fixture
def run(servers: dict[str, str]) -> Run:
    def run_command(*arguments: str, **more: str | None) -> Printed:
        result = CliRunner().invoke(pharmasync, arguments, env={**servers, **more}, catch_exceptions=False)
        return Printed(result.exit_code, result.output)

    return run_command
