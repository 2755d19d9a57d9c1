from typing import Any

from services.evaluation.questions.clusters import assign_clusters, warn_clusters
from shared.datasets import Question


def ask(*, contexts: list[Any] | None = None, cluster: str | None = None) -> Question:
    return Question.model_validate({"question": "Which?", "answers": ["a"], "contexts": contexts, "cluster": cluster})


def test_questions_without_anything_in_common_are_clusters_of_their_own() -> None:
    assert assign_clusters([ask(), ask(contexts=["a.md"]), ask(contexts=["file-a"]), ask(cluster="a.md")]) == [0, 1, 2, 3]
    assert assign_clusters([]) == []


def test_the_cluster_of_a_question_decides_and_not_its_contexts() -> None:
    questions = [ask(cluster="x", contexts=["a.md"]), ask(cluster="y", contexts=["a.md"]), ask(cluster="x"), ask(contexts=["a.md"])]
    assert assign_clusters(questions) == [0, 1, 0, 2]


def test_questions_that_share_a_context_are_one_cluster_also_through_others() -> None:
    questions = [ask(contexts=["a.md"]), ask(contexts=["b.md"]), ask(contexts=["c.md"]), ask(contexts=["a.md", "b.md"]), ask()]
    assert assign_clusters(questions) == [0, 0, 1, 0, 2]


def test_contexts_are_the_same_if_their_words_are() -> None:
    questions = [ask(contexts=["The valve opens at 6.5 bar."]), ask(contexts=["the VALVE opens,  at 6.5 bar"]), ask(contexts=["at 65 bar"])]
    assert assign_clusters(questions) == [0, 0, 1]
    assert assign_clusters([ask(contexts=["A.md"]), ask(contexts=[{"filename": "a.MD"}])]) == [0, 0]


def test_passages_of_the_same_file_are_different_contexts() -> None:
    passages = [{"filename": "a.md", "text": "One."}, {"filename": "a.md", "text": "Two."}]
    assert assign_clusters([ask(contexts=[passage]) for passage in passages]) == [0, 1]


def test_texts_without_words_are_not_the_same_context() -> None:
    assert assign_clusters([ask(contexts=["…?"]), ask(contexts=["!"])]) == [0, 1]


def test_a_chain_of_many_questions_is_one_cluster() -> None:
    assert set(assign_clusters([ask(contexts=[f"{n}.md", f"{n + 1}.md"]) for n in range(5000)])) == {0}


def test_a_cluster_with_more_than_a_fifth_of_the_questions_is_warned_of() -> None:
    assert warn_clusters([*range(80), *[99] * 20]) == []
    (warning,) = warn_clusters([*range(79), *[99] * 21])
    assert warning.startswith("21 of 100 questions (21%) belong to one cluster, and count little more than one.")
    assert warn_clusters([]) == warn_clusters([0]) == warn_clusters([0, 1, 2]) == []
