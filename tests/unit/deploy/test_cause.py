import pytest

from deploy.local.cause import describe_exit, find_cause

# As vLLM writes it where /dev/shm is too small.
SMALL = r"""
(APIServer pid=7) INFO 11-29 04:12:53 [launcher.py:186] Starting vLLM API server
(EngineCore pid=41) INFO 11-29 04:13:01 [core.py:107] Initializing a V1 LLM engine
(EngineCore pid=41) ERROR 11-29 04:13:02 [core.py:1402] EngineCore failed to start.
(EngineCore pid=41) ERROR 11-29 04:13:02 [core.py:1402] Traceback (most recent call last):
(EngineCore pid=41) ERROR 11-29 04:13:02 [core.py:1402]   File "vllm/v1/engine/core.py", line 1392, in run_engine_core
(EngineCore pid=41) ERROR 11-29 04:13:02 [core.py:1402] RuntimeError: Insufficient space in /dev/shm: 160 MiB required, 64 MiB free.
(EngineCore pid=41) Process EngineCore:
(EngineCore pid=41) Traceback (most recent call last):
(EngineCore pid=41) RuntimeError: Insufficient space in /dev/shm: 160 MiB required, 64 MiB free.
(APIServer pid=7) Traceback (most recent call last):
(APIServer pid=7)   File "vllm/entrypoints/openai/api_server.py", line 59, in <module>
(APIServer pid=7) RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {'EngineCore': 1}
""".strip().splitlines()


def test_the_cause_is_the_first_exception_and_not_a_later_error() -> None:
    assert find_cause(SMALL) == "RuntimeError: Insufficient space in /dev/shm: 160 MiB required, 64 MiB free."


def test_an_error_that_points_elsewhere_is_not_the_cause() -> None:
    assert find_cause(["RuntimeError: See root cause above", "vllm.v1.engine.exceptions.EngineDeadError: died", "torch.a.Bad: b"]) == (
        "torch.a.Bad: b"
    )


@pytest.mark.parametrize(
    ("lines", "cause"),
    [
        (["starting", "EVALUATION_CONCURRENCY: must be a number"], "EVALUATION_CONCURRENCY: must be a number"),
        (["04:12:53 [error    ] no database", "worker stopped"], "04:12:53 [error    ] no database"),
        (["\x1b[31mValueError: no such model\x1b[0m", "bye"], "ValueError: no such model"),
        (["what it said", ""], "what it said"),
        (["04:12:53 [info     ] request  method=GET status=200"], ""),
        ([], ""),
    ],
)
def test_without_an_exception_the_cause_is_the_last_error_or_the_last_line(lines: list[str], cause: str) -> None:
    assert find_cause(lines) == cause


def test_a_long_cause_is_truncated() -> None:
    assert len(find_cause(["ValueError: " + "x" * 10_000])) == 500


def test_an_exit_is_described_by_its_code_or_its_signal() -> None:
    assert describe_exit(3) == "exit code 3"
    assert describe_exit(-9) == "killed by SIGKILL"
