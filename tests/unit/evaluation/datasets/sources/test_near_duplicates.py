from services.evaluation.datasets.sources.documents import Document
from services.evaluation.datasets.sources.near_duplicates import group_documents, make_shingles, sign
from tests.unit.evaluation.datasets.cases import make_passage

PROSE = " ".join(f"Sentence {number} tells of a matter that only sentence {number * 7919} explains in words." for number in range(60))


def make(name: str, text: str) -> Document:
    return Document(f"file-{name}", f"{name}.md", [make_passage(text, f"file-{name}")])


def names(groups: list[list[Document]]) -> list[list[str]]:
    return [[document.file_id.removeprefix("file-") for document in group] for group in groups]


def test_two_versions_of_a_document_are_in_one_group() -> None:
    second = PROSE.replace("Sentence 30 ", "Paragraph thirty ") + " A note was added at the end."
    other = " ".join(f"Quite another text, number {number}, about boats and {number * 31} sails." for number in range(60))
    assert names(group_documents([make("a", PROSE), make("b", other), make("c", second)])) == [["a", "c"], ["b"]]


def test_groups_join_documents_that_are_alike_through_a_third() -> None:
    words = PROSE.split()
    first, middle, last = words[:400], words[120:520], words[240:640]
    groups = group_documents([make("a", " ".join(first)), make("c", " ".join(last)), make("b", " ".join(middle))])
    assert names(groups) == [["a", "c", "b"]]


def test_documents_in_scripts_without_spaces_are_compared_by_their_characters() -> None:
    text = "".join(chr(0x4E00 + (number * 7919) % 9000) for number in range(500))
    other = "".join(chr(0x4E00 + (number * 104729) % 9000) for number in range(500))
    assert names(group_documents([make("a", text), make("b", other), make("c", text + "\u4e00")])) == [["a", "c"], ["b"]]


def test_empty_one_word_and_no_documents_have_groups_of_their_own() -> None:
    assert group_documents([]) == []
    assert names(group_documents([make("a", ""), make("b", "word"), make("c", "\U0001f600 \ud800")])) == [["a", "c"], ["b"]]


def test_a_signature_estimates_the_similarity_of_shingles() -> None:
    words = PROSE.split()
    first, second = " ".join(words[:400]), " ".join(words[100:500])
    a, b = make_shingles(first), make_shingles(second)
    truth = len(a & b) / len(a | b)
    assert abs((sign(first) == sign(second)).mean() - truth) < 0.15
