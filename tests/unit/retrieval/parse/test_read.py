import pytest

from services.retrieval.parse import InvalidFile
from tests.unit.retrieval.parse.files import Read


@pytest.mark.parametrize("content", ["", "  \n\t\n"])
def test_a_file_without_text_is_rejected(read: Read, content: str) -> None:
    with pytest.raises(InvalidFile, match="no text"):
        read("a.md", content)


@pytest.mark.parametrize(
    ("filename", "content"), [("a.txt", "\u200b"), ("a.txt", "\u200b \u2060\n\u00ad" * 400_000), ("a.html", "<p>\u200b</p>")]
)
def test_invisible_characters_are_no_text(read: Read, filename: str, content: str) -> None:
    with pytest.raises(InvalidFile, match="contains no text"):
        read(filename, content)
