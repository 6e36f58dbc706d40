"""Which turnstile the settings make."""

from typing import Any

import attrs
import pytest

from pharmasync.closing import ClosingTime
from pharmasync.limits import LimitedTurnstile, Limits
from pharmasync.national.turnstile import OpenTurnstile
from pharmasync.settings import Settings
from pharmasync.wiring import national_client, sql_server, turnstile
from tests.environment import settings_of_nowhere


@pytest.fixture
def settings() -> Settings:
    return settings_of_nowhere()


def test_without_a_limit_the_turnstile_is_open_and_knows_no_redis(settings: Settings) -> None:
    assert isinstance(turnstile(settings), OpenTurnstile)


@pytest.mark.parametrize(
    ("changes", "limits"),
    [
        ({"api_max_rps": 0.5}, Limits(max_rps=0.5)),
        ({"api_max_calls": 7}, Limits(max_calls=7)),
        ({"api_max_calls_per_shop": 2}, Limits(max_calls_per_shop=2)),
        (
            {"api_max_rps": 20.0, "api_max_calls": 7, "api_max_calls_per_shop": 2},
            Limits(max_rps=20.0, max_calls=7, max_calls_per_shop=2),
        ),
    ],
    ids=["rps", "calls", "per shop", "all"],
)
def test_each_setting_makes_it_a_limited_one(settings: Settings, changes: dict[str, Any], limits: Limits) -> None:
    made = turnstile(attrs.evolve(settings, **changes))
    assert isinstance(made, LimitedTurnstile)
    assert made.gate.line.limits == made.gate.limits.shared.limits == made.gate.limits.own.limits == limits


def test_a_slot_outlives_the_longest_call(settings: Settings) -> None:
    made = turnstile(attrs.evolve(settings, api_max_calls=1))
    assert isinstance(made, LimitedTurnstile)
    assert made.gate.limits.shared.longest_call > settings.longest_call_seconds


def test_documents_and_logins_pass_the_same_turnstile(settings: Settings) -> None:
    limited = attrs.evolve(settings, api_max_calls=1)
    client = national_client(limited, sql_server(limited), ClosingTime())
    assert isinstance(client.turnstile, LimitedTurnstile)
    assert client.turnstile is client.login.turnstile
