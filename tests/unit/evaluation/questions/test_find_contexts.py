import pytest

from services.evaluation.questions.find_contexts import has_text, match_context, read_passage
from shared.datasets import Context

TEXT = "The valve opens at 6.5 bar. It closes again when the pressure has been below 5.9 bar for at least three seconds in a row."
PASSAGES = [
    read_passage(each)
    for each in (
        {"file_id": "file-1", "filename": "a.md", "text": f"Before it.\n\n{TEXT.upper()}\nAfter it.", "score": 0.9},
        {"file_id": "file-2", "filename": "B.md", "text": "Something else.", "score": 0.5},
        {},
    )
]


@pytest.mark.parametrize(
    ("context", "rank"),
    [
        (Context(file_id="file-2"), 2),
        (Context(filename="b.md"), 2),
        (Context(text=TEXT), 1),
        (Context(text="opens at 6.5 bar"), 1),
        (Context(text="opens at 65 bar"), None),
        (Context(filename="a.md", text=TEXT), 1),
        (Context(filename="b.md", text=TEXT), None),
        (Context(file_id="file-3"), None),
        (Context(filename="a.md", file_id="file-2"), None),
        (Context(text="…"), None),
    ],
)
def test_a_context_is_found_by_file_and_text(context: Context, rank: int | None) -> None:
    assert match_context(context, PASSAGES) == [rank == 1, rank == 2, False]
    assert match_context(context, []) == []


def test_a_text_that_is_cut_is_found_by_its_larger_part() -> None:
    words = TEXT.split()
    before = ["other"] * 20
    assert has_text([*before, *words[:14]], words)
    assert not has_text([*before, *words[:9]], words)
    assert not has_text(words[:6], words), "a run of fewer than eight words says little"
    assert has_text(words[4:16], words), "the passage is a part of the text"
    assert not has_text(words[::-1], words)
