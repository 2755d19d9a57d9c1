from tests.unit.retrieval.parse.files import Read


def test_rich_text_is_read_whatever_its_extension(read: Read) -> None:
    source = r"{\rtf1\ansi\ansicpg1252 Oil the pump.\par Gr\'f6\'dfe \u8364? 5}"
    assert read("a.rtf", source).text == "Oil the pump.\nGröße € 5"
    assert "a rich text file" in str(read("a.docx", source).note)


def test_tables_in_rich_text_are_markdown_tables(read: Read) -> None:
    row = r"\trowd\cellx2000\cellx4000\intbl {}\cell {}\cell\row"
    source = r"{\rtf1\ansi Before\par " + row.format("Part", "No.") + row.format("Seal", "7") + r"\pard After\par}"
    assert read("a.rtf", source).text == "Before\n\n| Part | No. |\n| --- | --- |\n| Seal | 7 |\n\nAfter"
