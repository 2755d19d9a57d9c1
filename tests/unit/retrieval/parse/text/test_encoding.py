import pytest

from services.retrieval.parse.text import encoding
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
    monkeypatch.setattr(encoding, "BLOCK_BYTES", 100)
    assert read("a.txt", content).text.endswith(sentence.strip())
