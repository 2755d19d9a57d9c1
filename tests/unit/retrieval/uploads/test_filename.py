import pytest

from services.retrieval.uploads.filename import read_filename
from shared.errors import InvalidRequest


@pytest.mark.parametrize(
    "name",
    ["a.txt", "文書.pdf", "naïve café.md", "../../etc/passwd", ".env", "a\u00a0b\u3000c.txt", "👩\u200d🔬.png", "\U0001fae9\ue000.md"],
)
def test_a_name_is_stored_as_it_was_sent(name: str) -> None:
    assert read_filename(name.encode()) == name


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\ufeffa.txt", "a.txt"),
        ("", "unnamed"),
        ("\u200b", "unnamed"),
    ],
)
def test_zero_width_characters_are_left_out(sent: str, stored: str) -> None:
    assert read_filename(sent.encode()) == stored


@pytest.mark.parametrize("character", ["\x00", "\t", "\x1b", "\x7f", "\x9f"])
def test_a_control_character_becomes_an_underscore(character: str) -> None:
    assert read_filename(f"a{character}b{character}{character}.txt".encode()) == "a_b__.txt"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("x" * 255, "x" * 255),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("文" * 300 + ".tar.gz", "文" * 252 + ".gz"),
        ("x" * 300, "x" * 255),
        ("First. " + "x" * 300, "First. " + "x" * 248),
        ("." + "x" * 300, "." + "x" * 254),
    ],
)
def test_a_long_name_keeps_its_ending(sent: str, stored: str) -> None:
    assert read_filename(sent.encode()) == stored


@pytest.mark.parametrize("sent", [b"caf\xe9.txt", b"\xff\xfe", "文.txt".encode("shift-jis")])
def test_a_name_that_is_not_utf_8_is_refused(sent: bytes) -> None:
    with pytest.raises(InvalidRequest, match="not UTF-8") as caught:
        read_filename(sent)
    assert caught.value.param == "file"


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\x85", "\u2028"])
def test_a_name_with_a_line_break_is_refused(line_break: str) -> None:
    with pytest.raises(InvalidRequest, match="must not contain a line break"):
        read_filename(f"a{line_break}b.txt".encode())
