import pytest

from services.retrieval.parse.text import guess
from tests.unit.retrieval.parse.files import Read

GERMAN = "Die Größe der Pumpe überschreitet die zulässigen Maße. Prüfen Sie täglich den Ölstand und die Düsen."


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (GERMAN, "latin-1 cp1252 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le mac_roman"),
        ("Größe: 5 mm", "cp1252 utf-16-le"),
        ("L\u2019été dernier, les élèves ont reçu leurs diplômes à l\u2019école. Cœur, naïveté.", "cp1252 utf-16-be"),
        ("Zażółć gęślą jaźń. Codziennie sprawdzaj poziom oleju.", "cp1250"),
        ("Проверяйте уровень масла ежедневно. Номер детали семь.", "cp1251 koi8-r cp866 utf-16-le"),
        ("Ελέγχετε τη στάθμη λαδιού καθημερινά.", "cp1253 utf-16-le"),
        ("ポンプの点検は毎日行ってください。部品番号は7です。", "shift_jis euc_jp iso2022_jp utf-16-le"),
        ("部品,番号\nシール,7", "shift_jis"),
        ("请每天检查水泵的油位。零件编号为七。", "gb18030 utf-16-le"),
        ("名称,数量\n密封圈,7", "gb18030"),
        ("請每天檢查水泵的油位。零件編號為七。", "big5"),
        ("펌프의 오일 수준을 매일 확인하십시오. 부품 번호는 7입니다.", "euc_kr"),
        ("Plain words in a row.\n" * 5000 + "Größe", "cp1252 utf-16-le utf-16-be"),
    ],
)
def test_encodings_are_recognized(read: Read, text: str, encodings: str) -> None:
    for name in encodings.split():
        assert read("a.txt", text.encode(name)).text == text, name


def test_an_encoding_that_shows_late_is_recognized(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "Die Größe der Pumpe überschreitet die zulässigen Maße. "
    content = ("Plain words. " * 40 + sentence * 3).encode("latin-1")
    assert read("a.txt", content).text.endswith(sentence.strip())
    monkeypatch.setattr(guess, "BLOCK_BYTES", 100)
    assert read("a.txt", content).text.endswith(sentence.strip())


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv", "a.json", "a.jsonl", "a.eml"])
def test_an_encoding_that_was_guessed_is_told(read: Read, name: str) -> None:
    text = {"json": f'{{"a": "{GERMAN}"}}', "eml": f"Subject: s\n\n{GERMAN}"}.get(name[2:6].removesuffix("l"), GERMAN)
    text = f"Subject: s\n\n{GERMAN}" if name == "a.eml" else text
    assert "not UTF-8" in str(read(name, text.encode("cp1252")).note)
    assert read(name, text.encode()).note is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_an_encoding_that_is_certain_is_not_told(read: Read, encoding: str) -> None:
    assert read("a.txt", GERMAN.encode(encoding)).note is None


def test_a_page_that_declares_its_encoding_needs_no_guess(read: Read) -> None:
    assert read("a.html", f"<meta charset=windows-1252><p>{GERMAN}".encode("cp1252")).note is None


def test_utf_8_with_a_few_errors_is_read_as_utf_8_and_they_are_told(read: Read) -> None:
    document = read("a.txt", f"{GERMAN}\n{GERMAN} naïve\n".encode() * 20 + "na\u00efve\n".encode("cp1252") + b"\xff\n")
    assert document.text.count("Größe") == 40 and document.text.count("\ufffd") == 2
    assert document.note is not None and "2 characters were replaced by \ufffd, the first in line 41" in document.note


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_text_that_was_damaged_before_it_was_uploaded_is_told(read: Read, encoding: str) -> None:
    document = read("a.txt", "Größe der Düsen".encode().decode(encoding).encode())
    assert document.note is not None and "probably instead of 'öß'" in document.note
    assert read("a.txt", "São Paulo, «Ça va», Größe, 東京, Привет, ½ Â°").note is None


def test_utf_16_without_a_mark_is_recognized_in_other_scripts(read: Read) -> None:
    for text in (
        "Проверяйте уровень масла. ",
        "Ελέγχετε τη στάθμη. ",
        "בדוק את מפלס השמן. ",
        "ตรวจสอบ ระดับ น้ำมัน ",
        "तेल का स्तर जांचें। ",
        "油位 检查。\n",
    ):
        for encoding in ("utf-16-le", "utf-16-be"):
            assert read("a.txt", (text * 3).encode(encoding)).text == (text * 3).strip(), (text, encoding)
