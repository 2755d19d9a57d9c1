import pytest

from services.retrieval.parse import InvalidFile
from tests.unit.retrieval.parse.files import Read, headings_of, make_archive, make_odf


def test_headings_lists_tables_and_spaces_are_kept(read: Read) -> None:
    table = "<table:table><table:table-row>" + "".join(
        f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in ("Part", "No.")
    )
    body = (
        '<office:text><text:h text:outline-level="2">Care</text:h><text:p>Oil<text:s text:c="3"/>it.</text:p>'
        "<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list>"
        f"</text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>{table}</table:table-row></table:table>"
        "<text:tracked-changes><text:p>unseen</text:p></text:tracked-changes></office:text>"
    )
    document = read("a.odt", make_odf("text", body))
    assert document.title == "The pump"
    assert headings_of(document) == [(2, "Care")]
    assert document.text == "Care\n\nOil   it.\n\n- one\n  - inner\n- two\n\n| Part | No. |\n| --- | --- |"


def test_slides_are_pages(read: Read) -> None:
    slide = '<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></draw:page>'
    document = read(
        "a.odp", make_odf("presentation", f"<office:presentation>{slide.format('One')}{slide.format('Two')}</office:presentation>")
    )
    assert headings_of(document) == [(1, "One"), (1, "Two")]
    assert document.page_at(document.text.index("Two")) == 2


def test_an_encrypted_document_is_rejected(read: Read) -> None:
    manifest = "<manifest><encryption-data/></manifest>"
    mimetype = "application/vnd.oasis.opendocument.text"
    with pytest.raises(InvalidFile, match="protected by a password"):
        read("a.odt", make_archive(mimetype=mimetype, META_INF__manifest_dot_xml=manifest).replace(b"META_INF", b"META-INF"))
