import os
import socket
from pathlib import Path

import pytest

from deploy.local import checks
from deploy.local.capacity import GIB
from deploy.local.checks import (
    ENGINE_MEMORY,
    SERVICES_MEMORY,
    NotReady,
    Port,
    check_addresses,
    check_disk,
    check_engine,
    check_memory,
    check_model,
    check_ports,
    needed_memory,
    ports,
    take_folder,
)
from deploy.local.machine import Machine
from deploy.local.settings import read

CPU = Machine("cpu", bfloat16=True, cores=(0, 1), physical_cores=2, shared_memory=GIB)


def test_a_busy_port_is_named_with_its_process_and_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(NotReady) as refused:
            check_ports([Port("generation", "GENERATION_PORT", "127.0.0.1", number)])
    assert str(refused.value) == (
        f"Port {number} of the generation process cannot be used (Address already in use). "
        "Stop the program that uses it, or set GENERATION_PORT to another port."
    )


def test_two_processes_with_the_same_port_are_refused_with_both_settings() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
    with pytest.raises(NotReady, match="GENERATION_PORT and RETRIEVAL_PORT are both"):
        check_ports([Port("generation", "GENERATION_PORT", "127.0.0.1", number), Port("retrieval", "RETRIEVAL_PORT", "127.0.0.1", number)])


def test_the_ports_of_all_processes_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [(port.process, port.number) for port in ports(read())] == [
        ("generation", 8000),
        ("retrieval", 8001),
        ("engine", 8002),
        ("broker", 8003),
    ]


def test_a_missing_model_is_reported_with_its_setting_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"base model is missing: the folder .* does not exist.*make setup.*TANDEM_BASE_MODEL"):
        check_model("base model", "TANDEM_BASE_MODEL", str(tmp_path / "nothing"))


def test_a_model_may_be_a_folder_or_an_id_of_the_hub(tmp_path: Path) -> None:
    check_model("base model", "TANDEM_BASE_MODEL", str(tmp_path))
    check_model("base model", "TANDEM_BASE_MODEL", "HuggingFaceTB/SmolLM2-135M-Instruct")


def test_a_data_folder_belongs_to_one_stack_at_a_time(tmp_path: Path) -> None:
    with take_folder(tmp_path), pytest.raises(NotReady, match=rf"in use by another stack \(pid {os.getpid()}\).*TANDEM_DATA"):
        take_folder(tmp_path)
    take_folder(tmp_path).close()


def test_a_data_folder_that_cannot_be_created_is_reported_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotReady, match="Set TANDEM_DATA"):
        take_folder(tmp_path / "file")


def test_an_address_that_is_derived_from_a_port_must_not_be_set() -> None:
    with pytest.raises(NotReady, match="Unset GENERATION_ENGINE_URL"):
        check_addresses({"GENERATION_ENGINE_URL": "http://elsewhere:8002"})


def test_too_little_memory_is_reported_with_what_is_needed_and_what_to_do() -> None:
    check_memory(4 * GIB, 4 * GIB)
    with pytest.raises(NotReady, match=r"needs 4.0 GiB of memory; 2.5 GiB are free. Close other programs, .* TANDEM_BASE_MODEL"):
        check_memory(4 * GIB, int(2.5 * GIB))


def test_the_needed_memory_is_that_of_services_engine_cache_and_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(bytes(1000))
    monkeypatch.setenv("TANDEM_BASE_MODEL", str(tmp_path))
    monkeypatch.setenv("TANDEM_ENGINE_CACHE_GIB", "3")
    assert needed_memory(read(), CPU) == SERVICES_MEMORY + ENGINE_MEMORY + 3 * GIB + 1000
    assert needed_memory(read(), CPU._replace(device="gpu")) == SERVICES_MEMORY


def test_too_little_disk_space_is_reported_with_the_setting_to_change(tmp_path: Path) -> None:
    check_disk(tmp_path, 2 * GIB)
    with pytest.raises(NotReady, match=r"needs 1.0 GiB of disk space; 0.5 GiB are free. .* TANDEM_DATA"):
        check_disk(tmp_path, GIB // 2)


def test_bound_cores_need_shared_memory_and_the_message_says_how_to_get_more(monkeypatch: pytest.MonkeyPatch) -> None:
    little = CPU._replace(shared_memory=64 * 2**20)
    check_engine(read().engine, little)
    monkeypatch.setenv("TANDEM_ENGINE_THREADS", "0-1")
    check_engine(read().engine, CPU)
    with pytest.raises(NotReady, match=r"/dev/shm has 64 MiB free. .* needs 240 MiB there. Unset TANDEM_ENGINE_THREADS, .*--shm-size=1g"):
        check_engine(read().engine, little)


def test_a_processor_that_the_engine_cannot_use_is_refused_unless_there_is_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "find_engine_problem", lambda: "This processor has no AVX2")
    check_engine(read().engine, CPU._replace(device="gpu"))
    with pytest.raises(NotReady, match="no AVX2"):
        check_engine(read().engine, CPU)
