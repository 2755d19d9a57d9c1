"""Questions that depend on each other. The statistics count a cluster of them as one observation."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from services.evaluation.questions.words import normalize
from shared.datasets import Context, Question

MAX_SHARE = 0.2


def assign_clusters(questions: Sequence[Question]) -> list[int]:
    """Return a number for each question, the same for questions that depend on each other. Numbers count from 0 as they first appear.

    A question belongs to its `cluster`. Questions without one depend on each other if they share one of their `contexts`, directly or
    through other questions (connected components). Files are the same if id or name is, texts if their normalized words are.
    """
    parents: dict[Hashable, Hashable] = {}
    for position, question in enumerate(questions):
        for link in _links(question):
            parents[_find_root(parents, link)] = _find_root(parents, position)
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(_find_root(parents, position), len(numbers)) for position in range(len(questions))]


def warn_clusters(clusters: Sequence[int]) -> list[str]:
    """Return a warning for each cluster that holds more than a fifth of the questions."""
    total = len(clusters)
    return [
        f"{size} of {total} questions ({size / total:.0%}) belong to one cluster, and count little more than one. Spread the questions "
        "over more documents, or name the passage in 'contexts' instead of the whole file."
        for size in sorted(Counter(clusters).values(), reverse=True)
        if size > 1 and size > MAX_SHARE * total
    ]


def _links(question: Question) -> Iterable[Hashable]:
    if question.cluster is not None:
        return [("cluster", question.cluster)]
    return [("context", *_key(context)) for context in question.contexts]


def _key(context: Context) -> tuple[str | None, str | None, str | None]:
    name = context.filename.casefold() if context.filename else None
    return context.file_id, name, normalize(context.text) or context.text if context.text else None


def _find_root(parents: dict[Hashable, Hashable], node: Hashable) -> Hashable:
    """Return the representative of the set that `node` is in, and shorten the path to it (union-find with path halving)."""
    while (parent := parents.setdefault(node, node)) != node:
        parents[node] = node = parents.setdefault(parent, parent)
    return node
