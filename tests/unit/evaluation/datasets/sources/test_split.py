import pytest

from services.evaluation.datasets.sources.documents import Document
from services.evaluation.datasets.sources.split import list_requests, split_documents
from shared.contracts.datasets import Split
from shared.errors import InvalidRequest
from tests.unit.evaluation.datasets.cases import make_document, make_passage, make_spec


def names(documents: list[Document]) -> set[str]:
    return {document.file_id for document in documents}


def test_every_document_is_in_one_part_and_the_passages_are_shared_out() -> None:
    groups = [[make_document(f"d{number}", 1 + number % 5)] for number in range(60)]
    parts = split_documents(groups, Split(), seed=3)
    assert sum(len(documents) for documents in parts.values()) == len(set().union(*map(names, parts.values()))) == 60
    total = sum(len(group[0].passages) for group in groups)
    shares = {part: sum(len(document.passages) for document in documents) / total for part, documents in parts.items()}
    assert shares == pytest.approx({"train": 0.6, "validation": 0.1, "questions": 0.3}, abs=0.03)


def test_documents_of_a_group_stay_together() -> None:
    groups = [[make_document(f"a{number}"), make_document(f"b{number}")] for number in range(9)]
    for documents in split_documents(groups, Split(), seed=0).values():
        assert {name.replace("file-a", "file-b") for name in names(documents)} == {name for name in names(documents) if "file-b" in name}


@pytest.mark.parametrize("seed", range(5))
def test_with_as_few_groups_as_parts_every_part_has_one(seed: int) -> None:
    parts = split_documents([[make_document("a", 50)], [make_document("b", 1)], [make_document("c", 1)]], Split(), seed)
    assert sorted(len(documents) for documents in parts.values()) == [1, 1, 1]


def test_too_few_documents_for_the_parts_are_an_error_that_says_what_to_do() -> None:
    with pytest.raises(InvalidRequest, match=r"3 parts need at least 3 documents .* have 2 documents\. Add documents") as caught:
        split_documents([[make_document("a")], [make_document("b")]], Split(), 0)
    assert caught.value.code == "too_few_documents"
    with pytest.raises(InvalidRequest, match="4 documents, of which 1 differ"):
        split_documents([[make_document(name) for name in "abcd"]], Split(), 0)


def test_a_part_with_a_share_of_zero_is_left_out() -> None:
    parts = split_documents([[make_document("a")], [make_document("b")]], Split(train=0.5, validation=0, questions=0.5), 0)
    assert set(parts) == {"train", "questions"}


def test_the_seed_decides_which_documents_are_in_a_part() -> None:
    groups = [[make_document(f"d{number}")] for number in range(20)]
    splits = [split_documents(groups, Split(), seed) for seed in (1, 1, 2)]
    assert splits[0] == splits[1] != splits[2]


def test_requests_take_turns_over_documents_kinds_and_difficulties() -> None:
    documents = {"train": [make_document("a", 4), make_document("b", 4)]}
    requests = list_requests(documents, make_spec(kinds=["fact", "number", "why"], questions_per_passage=2))["train"]  # type: ignore[arg-type]
    assert len(requests) == len({request.key for request in requests}) == 16
    assert [request.passage.file_id for request in requests[:4]] == ["file-a", "file-b", "file-a", "file-b"]
    assert [request.kind for request in requests[:4]] == ["fact", "number", "why", "fact"]
    by_passage = {(request.passage, request.kind) for request in requests}
    assert len(by_passage) == 16  # the second question of a passage is of another kind
    assert {request.difficulty for request in requests} == {"easy", "medium", "hard"}


def test_a_passage_that_stands_in_several_documents_is_used_in_one_part_only() -> None:
    notice = make_passage("All rights reserved. " * 6, "file-x")
    documents = {part: [Document(f"file-{part}", f"{part}.md", [notice, *make_document(part).passages])] for part in ("train", "questions")}
    requests = list_requests(documents, make_spec(questions_per_passage=1))  # type: ignore[arg-type]
    assert sum(request.passage is notice for listed in requests.values() for request in listed) == 1


def test_the_order_depends_on_the_seed_and_on_names_but_not_on_ids() -> None:
    def order(prefix: str, seed: int) -> list[str]:
        documents = [
            Document(prefix + each.file_id, each.filename, [make_passage(p.text, prefix + each.file_id, p.start) for p in each.passages])
            for each in (make_document("a", 9), make_document("b", 9))
        ]
        requests = list_requests({"train": documents}, make_spec(seed=seed))["train"]
        return [request.passage.text for request in requests]

    assert order("x", 1) == order("y", 1) != order("x", 2)
