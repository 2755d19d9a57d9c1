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

    def raise_if_any(self) -> None:
        """Raise InvalidDataset with the first ten problems, and the number of the others."""
        if not self._listed:
            return
        (line, problem), *others = self._listed
        listed = [problem, *(f"Line {each}: {text}" for each, text in others)]
        if self._count > MAX_LISTED:
            listed.append(f"The file has {self._count} wrong lines; these are the first {MAX_LISTED}.")
        raise InvalidDataset(line, "\n".join(listed), param=self._param)
