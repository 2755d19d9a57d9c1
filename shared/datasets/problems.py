"""Everything that is wrong with a file, in one error, so that it can be corrected in one go."""

from shared.errors import InvalidDataset

MAX_LISTED = 10


class WrongLine(ValueError):
    """A line cannot be used. The message says why, without the number of the line."""


class Problems:
    """The problems of a file. `param` is the field that names it."""

    def __init__(self, param: str) -> None:
        self._param = param
        self._count = 0
        self._listed: list[tuple[int, str]] = []

    def add(self, line: int, problem: str) -> None:
        """Add a problem of a line; lines count from 1."""
        self._count += 1
        if len(self._listed) < MAX_LISTED:
            self._listed.append((line, problem))

    def raise_if_any(self, count: int | None = None) -> None:
        """Raise InvalidDataset with the first ten problems, and the number of all wrong lines, which is `count` if not all were added."""
        if not self._listed:
            return
        (line, problem), *others = self._listed
        listed = [problem, *(f"Line {each}: {text}" for each, text in others)]
        all_lines = self._count if count is None else count
        if all_lines > MAX_LISTED:
            listed.append(f"The file has {all_lines} wrong lines; these are the first {MAX_LISTED}.")
        raise InvalidDataset(line, "\n".join(listed), param=self._param)
