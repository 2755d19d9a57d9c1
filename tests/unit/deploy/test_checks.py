import os
import socket
from pathlib import Path

import pytest

from deploy.local.checks import NotReady, Port, check_addresses, check_model, check_ports, ports, take_folder
from deploy.local.settings import read


def test_a_busy_port_is_named_with_its_process_and_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(NotReady) as refused:
            check_ports([Port("generation", "GENERATION_PORT", "127.0.0.1", number)])
    assert str(refused.value) == (
        f"Port {number}, which the generation process wants, cannot be used (Address already in use): "
        "stop what uses it, or set GENERATION_PORT to another port."
    )


def test_a_port_wanted_twice_is_refused_with_both_settings() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
    with pytest.raises(NotReady, match="GENERATION_PORT and RETRIEVAL_PORT are both"):
        check_ports([Port("generation", "GENERATION_PORT", "127.0.0.1", number), Port("retrieval", "RETRIEVAL_PORT", "127.0.0.1", number)])


def test_every_process_that_listens_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [(port.process, port.number) for port in ports(read())] == [
        ("generation", 8000),
        ("retrieval", 8001),
        ("engine", 8002),
        ("broker", 8003),
    ]


def test_a_missing_model_names_its_setting_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"base model is missing: there is no folder .*make setup.*TANDEM_BASE_MODEL"):
        check_model("base model", "TANDEM_BASE_MODEL", str(tmp_path / "nothing"))


def test_a_model_may_be_a_folder_or_an_id_of_the_hub(tmp_path: Path) -> None:
    check_model("base model", "TANDEM_BASE_MODEL", str(tmp_path))
    check_model("base model", "TANDEM_BASE_MODEL", "HuggingFaceTB/SmolLM2-135M-Instruct")


def test_a_data_folder_belongs_to_one_stack_at_a_time(tmp_path: Path) -> None:
    with take_folder(tmp_path), pytest.raises(NotReady, match=rf"used by another stack \(pid {os.getpid()}\).*TANDEM_DATA"):
        take_folder(tmp_path)
    take_folder(tmp_path).close()


def test_a_data_folder_that_cannot_be_made_names_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotReady, match="set TANDEM_DATA"):
        take_folder(tmp_path / "file")


def test_an_address_that_follows_from_a_port_may_not_be_set() -> None:
    with pytest.raises(NotReady, match="unset GENERATION_ENGINE_URL"):
        check_addresses({"GENERATION_ENGINE_URL": "http://elsewhere:8002"})
