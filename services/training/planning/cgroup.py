"""How much memory Linux's control groups leave to this process: the limits of its container, and of the groups around it.

Knows both versions of control groups, and nothing of trainings.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

GROUPS = Path("/proc/self/cgroup")
MOUNT = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class _Version:
    """A version's files in a group's folder, and the statistics that count cached files, which Linux can evict."""

    limit: str
    usage: str
    cached: tuple[str, ...]


V1 = _Version("memory.limit_in_bytes", "memory.usage_in_bytes", ("total_inactive_file", "total_active_file"))
V2 = _Version("memory.max", "memory.current", ("inactive_file", "active_file"))


def list_cgroup_memory(groups: Path = GROUPS, mount: Path = MOUNT) -> list[int]:
    """Return the bytes that each limit on this process's memory leaves; nothing if there is no limit. See `list_cgroup_limits`."""
    return _list_groups(_read_left, groups, mount)


def list_cgroup_limits(groups: Path = GROUPS, mount: Path = MOUNT) -> list[int]:
    """Return the bytes of each limit on this process's memory; nothing if there is no limit.

    A limit includes the groups inside, so those around the process's own count too. `groups` has a line for each hierarchy of groups:
    number, names of its controllers, path of the process's group.
    """
    return _list_groups(_read_limit, groups, mount)


def _list_groups(read: Callable[[Path, _Version], int], groups: Path, mount: Path) -> list[int]:
    """Return what `read` finds in each group of this process."""
    try:
        lines = groups.read_text().splitlines()
    except OSError:
        return []
    return [found for line in lines for found in _list_found(read, *line.split(":", 2)[1:], mount=mount)]


def _list_found(read: Callable[[Path, _Version], int], controllers: str, path: str, *, mount: Path) -> Iterator[int]:
    if controllers == "":
        version, root = V2, mount
    elif "memory" in controllers.split(","):
        version, root = V1, mount / controllers
    else:
        return
    for folder in _list_folders(root, path):
        try:
            yield read(folder, version)
        except (OSError, ValueError):  # no such group in this container's view, or no limit, which version 2 writes as "max"
            continue


def _list_folders(root: Path, path: str) -> list[Path]:
    """Return the folders from the root to the group's own. In a container, the path may be the host's; then only the root exists."""
    parts = PurePosixPath(path).parts[1:]
    return [root] if ".." in parts else [root.joinpath(*parts[:depth]) for depth in range(len(parts) + 1)]


def _read_limit(folder: Path, version: _Version) -> int:
    return int((folder / version.limit).read_text())


def _read_left(folder: Path, version: _Version) -> int:
    limit, used = _read_limit(folder, version), int((folder / version.usage).read_text())
    statistics = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    cached = sum(int(statistics.get(name, 0)) for name in version.cached)
    return max(0, limit - max(0, used - cached))
