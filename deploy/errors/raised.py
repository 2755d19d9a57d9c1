"""The errors that the code raises, read from its source: class, message with its placeholders, param and code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared import errors
from shared.validation.codes import INVALID_VALUE

ROOTS = ("services", "shared")
CHECKS = ("shared/contracts", "services/generation/contracts", "services/retrieval/contracts")
KINDS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.TandemError)}
MAX_DEPTH = 3


@dataclass(frozen=True, order=True)
class RaisedError:
    """An error as the source writes it. `message` has its placeholders in braces."""

    place: str
    status: int
    code: str
    param: str
    message: str


@dataclass(frozen=True)
class Scope:
    """The values of the names in a function: the expressions assigned to them, with their lines."""

    assigned: tuple[tuple[str, int, ast.expr], ...]

    def find(self, name: str, line: int) -> ast.expr | None:
        """Return what was assigned to `name` last before `line`."""
        return next((value for each, at, value in reversed(self.assigned) if each == name and at <= line), None)


def raised_errors(project: Path) -> list[RaisedError]:
    """Return every error that `services` and `shared` raise with their own message."""
    paths = [path for root in ROOTS for path in (project / root).rglob("*.py")]
    return sorted(error for path in paths for error in _read(path, project))


def checks(project: Path) -> list[RaisedError]:
    """Return the messages of the schemas' validators. Validation makes errors of them, with the field as subject."""
    paths = [path for folder in CHECKS for path in (project / folder).rglob("*.py")]
    return sorted(check for path in paths for check in _read_checks(path, project))


def _read(path: Path, project: Path) -> Iterator[RaisedError]:
    for call, scope in _calls(path):
        kind = KINDS.get(_name(call.func))
        position = 1 if kind is errors.InvalidDataset else 0
        message = _text(call.args[position], scope) if kind and len(call.args) > position else ""
        if kind and message:
            given = {keyword.arg: _text(keyword.value, scope) for keyword in call.keywords}
            line = f"Line {{line}}: {message}" if message[:1].islower() and kind is errors.InvalidDataset else message
            code = given.get("code") or kind.default_code or ""
            status = int(given["status"]) if given.get("status", "").isdigit() else kind.status
            yield RaisedError(f"{path.relative_to(project)}:{call.lineno}", status, code, given.get("param", ""), line)


def _read_checks(path: Path, project: Path) -> Iterator[RaisedError]:
    for call, scope in _calls(path):
        if _name(call.func) == "ValueError" and call.args:
            message = _text(call.args[0], scope)
            sentence = f"'{{field}}' {message}." if message.startswith("must ") else message
            yield RaisedError(f"{path.relative_to(project)}:{call.lineno}", 400, INVALID_VALUE, "{field}", sentence)


def _calls(path: Path) -> Iterator[tuple[ast.Call, Scope]]:
    """Yield every call, with the names of the innermost function that it is in and of its module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    constants, seen = tuple(_assignments(tree.body)), set[int]()
    for function in reversed(functions):
        scope = Scope((*constants, *sorted(_assignments(ast.walk(function)), key=lambda each: each[1])))
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and id(node) not in seen:
                seen.add(id(node))
                yield node, scope


def _assignments(nodes: Iterator[ast.AST] | list[ast.stmt]) -> Iterator[tuple[str, int, ast.expr]]:
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.lineno, node.value


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _text(node: ast.expr, scope: Scope, depth: int = 0) -> str:
    """Return a string expression with its placeholders; a name that has a string as its value is replaced by it."""
    if isinstance(node, ast.Constant):
        return str(node.value) if node.value is not None else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, scope, depth) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left, scope, depth) + _text(node.right, scope, depth)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, scope, depth)
    value = scope.find(node.id, node.lineno) if isinstance(node, ast.Name) else None
    if isinstance(value, ast.Constant | ast.JoinedStr | ast.BinOp) and depth < MAX_DEPTH:
        return _text(value, scope, depth + 1)
    return f"{{{ast.unparse(node)}}}"
