"""Never a second login with a password that was refused."""

from collections.abc import Callable
from typing import Any

import pytest

from pharmasync.errors import (
    CredentialsRefusedError,
    HeldBackError,
    NetworkTroubleError,
    ServerAwayError,
)
from pharmasync.national.adapter import Account
from pharmasync.national.fingerprints import Fingerprints
from pharmasync.national.http import Response

Make = Callable[..., Any]

THREADS = 8
fingerprint = Fingerprints("key")
TOKEN = Response(status=200, body=b'{"token": "fresh"}')
WRONG = Response(status=400, body='{"message": "Sai mật khẩu"}'.encode())


def test_many_threads_share_one_refusal(office: Make, at_once: Make) -> None:
    here = office(WRONG, closed=True)
    got = at_once(here)
    assert len(here.api.logins) == 1
    assert sorted(got) == ["CredentialsRefusedError"] + ["ShopPausedError"] * (THREADS - 1)


def test_a_refused_login_pauses_the_shop_with_the_reason_and_is_remembered(office: Make) -> None:
    here = office(WRONG)
    with pytest.raises(CredentialsRefusedError):
        here.login.token("S1")
    assert "Sai mật khẩu" in here.accounts.paused["S1"]
    assert here.cache.refused == {fingerprint(Account("acc-1", "pw-1"))}
    assert here.cache.tokens == {}


@pytest.mark.parametrize(
    "refusal",
    [
        WRONG,
        Response(status=200, body='{"code": 404, "mess": "Sai mật khẩu"}'.encode()),
        Response(status=200, body='{"code": 500, "mess": "Sai mật khẩu"}'.encode()),
        Response(status=200, body=b"{}"),
        Response(status=404, body=b'{"message": "no such user"}'),
        Response(status=403, body=b"<html>Forbidden</html>", content_type="text/html"),
    ],
    ids=lambda response: f"{response.status} {response.body!r}",
)
def test_a_refused_login_is_never_repeated(office: Make, refusal: Response) -> None:
    here = office(refusal)
    for _ in range(3):
        with pytest.raises(HeldBackError):
            here.login.token("S1")
    assert len(here.api.logins) == 1


def test_another_shop_with_the_same_account_is_paused_without_a_login(office: Make) -> None:
    here = office(WRONG)
    with pytest.raises(CredentialsRefusedError):
        here.login.token("S1")
    with pytest.raises(CredentialsRefusedError, match="refused before"):
        here.login.token("S2")
    assert len(here.api.logins) == 1
    assert here.accounts.paused.keys() == {"S1", "S2"}


def test_a_shop_that_is_resumed_with_the_same_password_is_paused_again_without_a_login(office: Make) -> None:
    here = office(WRONG)
    with pytest.raises(CredentialsRefusedError):
        here.login.token("S1")
    here.accounts.paused.clear()
    with pytest.raises(CredentialsRefusedError):
        here.login.token("S1")
    assert len(here.api.logins) == 1
    assert "S1" in here.accounts.paused


def test_a_shop_that_is_resumed_with_another_password_is_tried(office: Make) -> None:
    here = office(WRONG, TOKEN)
    with pytest.raises(CredentialsRefusedError):
        here.login.token("S1")
    here.accounts.paused.clear()
    here.accounts.accounts["S1"] = Account("acc-1", "pw-2")
    assert here.login.token("S1") == "fresh"
    assert here.api.logins[-1] == {"usr": "acc-1", "pwd": "pw-2"}


def test_a_refusal_is_remembered_even_where_the_shop_cannot_be_paused(
    office: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = office(WRONG)

    def away(_self: object, _shop_id: str, _reason: str) -> None:
        raise ServerAwayError("SQL Server", "gone")

    monkeypatch.setattr(type(here.accounts), "pause", away)
    with pytest.raises(ServerAwayError):
        here.login.token("S1")
    with pytest.raises(ServerAwayError):
        here.login.token("S1")
    assert len(here.api.logins) == 1


def test_a_refusal_after_network_trouble_is_not_repeated(office: Make) -> None:
    here = office(NetworkTroubleError("lost"), WRONG)
    with pytest.raises(CredentialsRefusedError):
        here.login.token("S1")
    assert len(here.api.logins) == 2


@pytest.mark.parametrize(
    "other", [Account("acc-1", "pw-2"), Account("acc-2", "pw-1"), Account("acc-1p", "w-1"), Account("", "acc-1pw-1")]
)
def test_a_fingerprint_tells_accounts_and_passwords_apart(other: Account) -> None:
    assert fingerprint(other) != fingerprint(Account("acc-1", "pw-1"))


def test_a_fingerprint_cannot_be_made_without_the_key() -> None:
    account = Account("acc-1", "pw-1")
    assert Fingerprints("one")(account) != Fingerprints("other")(account)
    assert "one" not in repr(Fingerprints("one"))


def test_a_fingerprint_gives_nothing_away() -> None:
    name = fingerprint(Account("acc-1", "pw-1"))
    assert name == fingerprint(Account("acc-1", "pw-1"))
    assert "acc" not in name
    assert set(name) <= set("0123456789abcdef")


def test_a_renewal_that_is_refused_pauses_the_shop_although_a_token_is_kept_and_is_not_repeated(office: Make) -> None:
    here = office(WRONG)
    here.cache.put("S1", "kept")
    with pytest.raises(CredentialsRefusedError):
        here.login.renew("S1")
    assert "Sai mật khẩu" in here.accounts.paused["S1"]
    with pytest.raises(CredentialsRefusedError, match="refused before"):
        here.login.renew("S2")
    assert len(here.api.logins) == 1
