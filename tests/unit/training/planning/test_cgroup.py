"""What the limits of control groups leave, in both versions, in containers and outside."""

from pathlib import Path

import pytest

from services.training.planning.cgroup import list_cgroup_limits, list_cgroup_memory

V1_LINES = "9:name=systemd:/\n4:memory:{path}\n1:cpu,cpuacct:/\n0::/\n"
V2_LINES = "0::{path}\n"
V1_NAMES = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file 50\ntotal_active_file 30\ninactive_file 1\n")
V2_NAMES = ("memory.max", "memory.current", "anon 70\ninactive_file 50\nactive_file 30\n")
NO_LIMIT_OF_V1 = 9223372036854771712


def make_group(folder: Path, names: tuple[str, str, str], limit: object, usage: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in zip(names[:2], (limit, usage), strict=True):
        (folder / name).write_text(f"{value}\n")
    (folder / "memory.stat").write_text(names[2])


def write_groups(folder: Path, lines: str, path: str) -> Path:
    groups = folder / "groups"
    groups.write_text(lines.format(path=path))
    return groups


@pytest.mark.parametrize(("lines", "names", "hierarchy"), [(V1_LINES, V1_NAMES, "memory"), (V2_LINES, V2_NAMES, "")])
def test_a_limit_leaves_what_is_not_used_and_what_can_be_evicted(
    tmp_path: Path, lines: str, names: tuple[str, str, str], hierarchy: str
) -> None:
    make_group(tmp_path / hierarchy / "pod" / "training", names, 1000, 400)
    groups = write_groups(tmp_path, lines, "/pod/training")
    assert list_cgroup_memory(groups, tmp_path) == [1000 - 400 + 80]


def test_the_limits_of_the_groups_around_it_count_too(tmp_path: Path) -> None:
    make_group(tmp_path / "pod", V2_NAMES, 2000, 1900)
    make_group(tmp_path / "pod" / "training", V2_NAMES, 1000, 400)
    assert sorted(list_cgroup_memory(write_groups(tmp_path, V2_LINES, "/pod/training"), tmp_path)) == [180, 680]


def test_limits_do_not_depend_on_what_is_used(tmp_path: Path) -> None:
    make_group(tmp_path / "pod", V2_NAMES, 2000, 1900)
    make_group(tmp_path / "pod" / "training", V2_NAMES, 1000, 400)
    assert sorted(list_cgroup_limits(write_groups(tmp_path, V2_LINES, "/pod/training"), tmp_path)) == [1000, 2000]


def test_a_container_that_sees_the_hosts_path_uses_the_group_at_the_root(tmp_path: Path) -> None:
    make_group(tmp_path / "memory", V1_NAMES, 1000, 400)
    for path in ("/docker/0123456789ab", "/../../0123456789ab", "/"):
        assert list_cgroup_memory(write_groups(tmp_path, V1_LINES, path), tmp_path) == [680]


def test_a_group_without_a_limit_leaves_everything(tmp_path: Path) -> None:
    make_group(tmp_path / "training", V2_NAMES, "max", 400)
    assert list_cgroup_memory(write_groups(tmp_path, V2_LINES, "/training"), tmp_path) == []
    make_group(tmp_path / "memory", V1_NAMES, NO_LIMIT_OF_V1, 400)
    assert min(list_cgroup_memory(write_groups(tmp_path, V1_LINES, "/"), tmp_path)) > 10**18


def test_a_group_that_is_over_its_limit_leaves_nothing(tmp_path: Path) -> None:
    make_group(tmp_path, V2_NAMES, 1000, 1200)
    assert list_cgroup_memory(write_groups(tmp_path, V2_LINES, "/"), tmp_path) == [0]


def test_a_system_without_control_groups_has_no_limits(tmp_path: Path) -> None:
    assert list_cgroup_memory(tmp_path / "missing", tmp_path) == []
