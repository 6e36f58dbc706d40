import ast
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

import pharmasync.sandbox.national
from pharmasync.sandbox.national import ChangeError, Faults, PracticeNationalAPI, Switches, from_pairs
from pharmasync.sandbox.national.__main__ import main

pytestmark = pytest.mark.integration

Call = Callable[..., requests.Response]
Body = dict[str, Any]

PACKAGE = Path(pharmasync.sandbox.national.__file__).parent


class TestStartAndStop:
    def test_a_restart_keeps_the_port_and_the_documents(
        self, api: PracticeNationalAPI, send: Call, invoice: Body
    ) -> None:
        send("hoa_don", invoice)
        url = api.url

        api.stop()
        with pytest.raises(requests.exceptions.ConnectionError):
            send("hoa_don", invoice)
        api.start()

        assert api.url == url
        assert send("hoa_don", invoice, "PUT").status_code == 200

    def test_what_it_holds_can_be_read_after_the_end(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        send("hoa_don", invoice)
        running = api.state

        api.stop()

        assert api.state == running
        assert len(api.store.documents("hoa_don")) == 1

    def test_a_port_in_use_is_reported_by_start(self, api: PracticeNationalAPI) -> None:
        with pytest.raises(OSError, match="address already in use"):
            PracticeNationalAPI(port=api.port).start()

    def test_two_starts_are_one_too_many(self, api: PracticeNationalAPI) -> None:
        with pytest.raises(RuntimeError):
            api.start()


class TestCommandLine:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_it_says_where_it_listens_and_ends_cleanly_on_a_signal(self, number: signal.Signals) -> None:
        arguments = ["--port", "0", "--seed", "7", "--account", "a=b=c", "--facilities", "a=CS1,CS2"]
        arguments += ["--switch", "second_post=reject", "--switch", "get_slip=on", "--fault", "lost_answer=0.5"]
        command = [sys.executable, "-m", "pharmasync.sandbox.national", *arguments]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(  # this interpreter with the words above
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            listening, _, url = process.stdout.readline().strip().rpartition(" ")
            state = requests.get(f"{url}/_sandbox/state", timeout=10).json()
            process.send_signal(number)

            assert listening == "listening on"
            assert (state["switches"]["second_post"], state["switches"]["get_slip"]) == ("reject", True)
            assert state["faults"]["lost_answer"] == 0.5
            assert process.wait(10) == 0
            assert process.stderr.read() == ""

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--switch", "nonsense=1"], "unknown name 'nonsense'"),
            (["--switch", "second_post"], "not of the form name=value"),
            (["--fault", "error_500=2"], "'error_500' must be <= 1"),
            (["--account", "a"], "not of the form ACCOUNT=VALUE"),
            (["--facilities", "a=CS1"], "unknown account a"),
        ],
    )
    def test_a_wrong_argument_is_named_and_ends_it_with_2(
        self, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(arguments)

        assert ended.value.code == 2
        assert words in capsys.readouterr().err

    def test_a_port_in_use_ends_it_with_1(self, capsys: pytest.CaptureFixture[str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            assert main(["--port", str(taken.getsockname()[1])]) == 1

        assert "address already in use" in capsys.readouterr().err


class TestPairs:
    def test_values_are_read_as_the_types_of_their_fields(self) -> None:
        switches = from_pairs(Switches(), ["get_invoice=off", "lock_after=3", "token_lifetime=2.5", "answer_form=echo"])

        assert switches == Switches(get_invoice=False, lock_after=3, token_lifetime=2.5, answer_form="echo")

    @pytest.mark.parametrize(
        "pair", ["get_invoice=2", "lock_after=1.5", "lock_after=0", "delay_ms=nan", "delay_ms=inf", "delay_ms=-1"]
    )
    def test_a_value_that_cannot_be_is_refused(self, pair: str) -> None:
        with pytest.raises(ChangeError, match=pair.split("=", maxsplit=1)[0]):
            from_pairs(Switches(), [pair])

    def test_faults_are_read_alike(self) -> None:
        assert from_pairs(Faults(), ["down=true", "stall=1"]) == Faults(down=True, stall=1.0)


@pytest.mark.parametrize("module", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.name)
def test_it_shares_no_code_with_the_client(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text())):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            assert not name.startswith("pharmasync") or name.startswith("pharmasync.sandbox.national")
