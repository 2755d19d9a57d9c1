from pathlib import Path

import docx

from tests.unit.retrieval.parse.files import Read, headings_of, make_archive


def test_lists_are_numbered_as_in_word(read: Read, tmp_path: Path) -> None:
    source = docx.Document()
    for text, style in (("one", "Number"), ("two", "Number"), ("deep", "Bullet 2"), ("point", "Bullet"), ("three", "Number")):
        source.add_paragraph(text, style=f"List {style}")
    source.save(str(tmp_path / "a.docx"))
    assert read("a.docx", (tmp_path / "a.docx").read_bytes()).text == "1. one\n2. two\n  - deep\n- point\n3. three"


LEVELS = ((0, 4, "decimal", "%1"), (1, 1, "decimal", "%1.%2"), (2, 27, "lowerLetter", "(%3)"), (3, 9, "upperRoman", "%4."))


def counted(level: int | None = None) -> str:
    place = "" if level is None else f'<w:ilvl w:val="{level}"/>'
    return f'<w:pPr><w:numPr>{place}<w:numId w:val="7"/></w:numPr></w:pPr>'


def word(**parts: str) -> bytes:
    """Return a Word document of parts without their roots."""
    return make_archive(**{f"word__{name}_dot_xml": f'<w:{name} xmlns:w="w">{content}</w:{name}>' for name, content in parts.items()})


def test_numbers_have_the_levels_formats_and_start_of_the_document(read: Read) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for level, start, format, shown in LEVELS
    )
    kind = f'<w:abstractNum w:abstractNumId="3">{levels}</w:abstractNum>'
    numbering = f'{kind}<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'
    deeper = '<w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>'
    styles = "".join(
        f'<w:style w:styleId="H{level}"><w:name w:val="heading {level}"/>{rest}</w:style>' for level, rest in ((1, counted()), (2, deeper))
    )
    titled = '<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    items = "".join(f"<w:p>{counted(level)}<w:r><w:t>{text}</w:t></w:r></w:p>" for level, text in ((2, "item"), (3, "inner")))
    titles = [titled.format(*each) for each in (("H1", "Care"), ("H2", "Oil"), ("H2", "Water"), ("H1", "Parts"))]
    body = f"<w:body>{''.join(titles[:3])}{items}{titles[3]}</w:body>"
    document = read("a.docx", word(document=body, styles=styles, numbering=numbering))
    assert document.text == "4 Care\n\n4.1 Oil\n\n4.2 Water\n\n    (aa) item\n      IX. inner\n\n5 Parts"
    assert headings_of(document) == [(1, "4 Care"), (2, "4.1 Oil"), (2, "4.2 Water"), (1, "5 Parts")]
