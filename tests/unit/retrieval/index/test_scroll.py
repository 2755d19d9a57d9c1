from types import SimpleNamespace
from typing import Any

from services.retrieval.index.points import SparseVector
from services.retrieval.index.scroll import scroll


def record(id: int, keywords: Any = None) -> Any:
    return SimpleNamespace(id=id, vector={"dense": [1.0], "keywords": keywords}, payload=None)


def test_batches_are_read_until_none_is_left() -> None:
    batches: dict[int | None, tuple[list[Any], int | None]] = {
        None: ([record(1), record(2, SimpleNamespace(indices=[7], values=[0.5]))], 3),
        3: ([], 4),
        4: ([record(5)], None),
    }
    points = list(scroll(lambda offset: batches[offset]))
    assert [[point.id for point in batch] for batch in points] == [["1", "2"], ["5"]]
    assert [point.keywords for point in points[0]] == [SparseVector([], []), SparseVector([7], [0.5])]
