import random
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from services.retrieval.parse import Heading, data, long_text, parse, text
from services.retrieval.parse.long_text import StoredText, keep, write_slices


@pytest.fixture(autouse=True)
def short_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "SLICE", 64)
    monkeypatch.setattr(text, "SLICE", 64)


@pytest.mark.parametrize("seed", range(10))
def test_any_part_of_a_stored_text_is_what_it_would_be_of_the_whole(seed: int) -> None:
    dice = random.Random(seed)
    pieces = ["".join(dice.choices("aé文😀\n", k=dice.randint(0, 150))) for _ in range(dice.randint(2, 9))]
    whole, kept = "".join(pieces), keep(pieces)
    assert len(kept) == len(whole)
    assert isinstance(kept, str) == (len(whole) <= 64)
    for _ in range(50):
        start, stop = dice.randint(-3, len(whole) + 3), dice.randint(-3, len(whole) + 3)
        assert kept[start:stop] == whole[start:stop]
    assert kept[:] == whole


@pytest.mark.parametrize("sizes", [[64, 30], [100, 64, 6], [170], [64, 64, 64]])
def test_a_file_that_does_not_hold_such_a_text_is_refused(sizes: list[int]) -> None:
    with TemporaryFile() as file:
        assert list(write_slices(["é" * 32 + "a" * 32, "b" * 64, "c" * 10], file)) == [96, 64, 10]
        with pytest.raises(ValueError, match=r"agreed length|decode"):
            StoredText(file, sizes)


def read(folder: Path, name: str, content: bytes) -> tuple[str, list[Heading]]:
    path = folder / "bytes"
    path.write_bytes(content)
    document = parse(path, name)
    return document.text, list(document.headings)


MARKDOWN = (
    "\r\n \n"
    + "".join(f"{'#' * (1 + i % 3)} Teil {i}\r\n\nGröße {i}.\rNoch 😀\x0b eine\r\n\r\nZeile\n---\n\n" for i in range(30))
    + " " * 200
)


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_read_slice_by_slice_without_anyone_noticing(tmp_path: Path, name: str, encoding: str) -> None:
    whole, headings = read(tmp_path, name, MARKDOWN.encode(encoding))
    assert whole == MARKDOWN.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "").strip()
    assert len(headings) == (60 if name == "a.md" else 0)
    for heading in headings:
        assert whole[heading.start :].lstrip("# ").startswith(heading.text)


def test_an_encoding_that_shows_late_is_recognized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "Die Größe der Pumpe überschreitet die zulässigen Maße. "
    assert read(tmp_path, "a.txt", ("Plain words. " * 40 + sentence * 3).encode("latin-1"))[0].endswith(sentence.strip())
    monkeypatch.setattr("services.retrieval.parse.encoding.BLOCK", 100)
    assert read(tmp_path, "a.txt", ("Plain words. " * 40 + sentence * 3).encode("latin-1"))[0].endswith(sentence.strip())


def test_a_table_is_read_row_by_row(tmp_path: Path) -> None:
    rows = "".join(f'{i};"the, seal;\n new {i}"\n;\n' for i in range(50))
    body = "\n".join(f"| {i} | the, seal; new {i} |  |" for i in range(50))
    read_text, _ = read(tmp_path, "a.csv", f"No.;Part\n{rows};;late".encode())
    assert read_text == f"| No. | Part |  |\n| --- | --- | --- |\n{body}\n|  |  | late |"
    assert data.parse_csv(tmp_path / "bytes").text == read_text


def test_headings_are_followed_up_to_a_number_and_a_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, headings = read(tmp_path, "a.md", b"# " + b"word " * 5000 + b"\n\ntext\n\n## next")
    assert [(heading.level, len(heading.text)) for heading in headings] == [(1, 200), (2, 4)]
    assert whole[headings[1].start :] == "## next"
    monkeypatch.setattr("services.retrieval.parse.MOST_HEADINGS", 10)
    (tmp_path / "bytes").write_bytes(b"# h\n\nt\n\n" * 11)
    document = parse(tmp_path / "bytes", "a.md")
    assert len(document.headings) == 10
    assert document.note == "Only the first 10 headings are followed."
