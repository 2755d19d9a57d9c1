import pytest

from services.retrieval.parse import InvalidFile, UnsupportedFile, long_text
from services.retrieval.parse.text import plain
from tests.unit.retrieval.parse.files import Read


def test_plain_text_gets_line_feeds_as_its_only_line_ends(read: Read) -> None:
    assert read("a.txt", b"one\r\ntwo\rthree\n\n").text == "one\ntwo\nthree"


def test_characters_that_cannot_be_stored_are_removed(read: Read) -> None:
    assert read("a.txt", "a\x00b\x0bc" * 20 + "d" * 4000).text == "abc" * 20 + "d" * 4000


def test_binary_data_is_rejected(read: Read) -> None:
    with pytest.raises(InvalidFile, match="not text"):
        read("a.txt", bytes(range(256)) * 40 + b"\0" * 5000)


@pytest.mark.parametrize("text", [b"abc\0def", b"abc\0de", b"a line\0\r\n" * 200, "Größe\0 der Pumpe".encode(), b"name\0value\0"])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv", "a"])
def test_stray_zero_bytes_make_a_text_neither_binary_nor_utf_16(read: Read, name: str, text: bytes) -> None:
    document = read(name, text)
    assert text.replace(b"\0", b"").decode().split()[0] in document.text and document.note is None


@pytest.mark.parametrize("data", [bytes(range(1, 256)) * 40, b"\x7fELF\1\1\1" + b"\1\2\3\4code" * 500, b"text" + bytes(40)])
def test_other_control_characters_and_many_zero_bytes_make_binary_data(read: Read, data: bytes) -> None:
    with pytest.raises((InvalidFile, UnsupportedFile)):
        read("a.txt", data)


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
