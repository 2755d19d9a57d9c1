import pytest

from services.retrieval.parse import InvalidFile, long_text
from services.retrieval.parse.text import plain
from tests.unit.retrieval.parse.files import Read


def test_plain_text_gets_line_feeds_as_its_only_line_ends(read: Read) -> None:
    assert read("a.txt", b"one\r\ntwo\rthree\n\n").text == "one\ntwo\nthree"


def test_characters_that_cannot_be_stored_are_removed(read: Read) -> None:
    assert read("a.txt", "a\x00b\x0cc" * 20 + "d" * 4000).text == "abc" * 20 + "d" * 4000


def test_binary_data_is_rejected(read: Read) -> None:
    with pytest.raises(InvalidFile, match="not text"):
        read("a.txt", bytes(range(256)) * 40 + b"\0" * 5000)


def test_a_zero_byte_in_a_short_text_does_not_make_it_utf_16(read: Read) -> None:
    with pytest.raises(InvalidFile, match="binary data"):
        read("a.txt", b"abc\x00def")


def test_invisible_characters_between_visible_ones_are_kept(read: Read) -> None:
    assert "a\u200bb" in read("a.txt", "a\u200bb\u200b").text


@pytest.fixture
def short_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "SLICE_LENGTH", 64)
    monkeypatch.setattr(plain, "SLICE_LENGTH", 64)


MARKDOWN = (
    "\r\n \n"
    + "".join(f"{'#' * (1 + i % 3)} Teil {i}\r\n\nGröße {i}.\rNoch 😀\x0b eine\r\n\r\nZeile\n---\n\n" for i in range(30))
    + " " * 200
)


@pytest.mark.usefixtures("short_slices")
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_the_same_when_it_is_read_in_slices(read: Read, name: str, encoding: str) -> None:
    document = read(name, MARKDOWN.encode(encoding))
    whole, headings = document.text, document.headings
    assert whole == MARKDOWN.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "").strip()
    assert len(headings) == (60 if name == "a.md" else 0)
    for heading in headings:
        assert whole[heading.start :].lstrip("# ").startswith(heading.text)
