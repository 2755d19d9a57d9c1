from tests.unit.retrieval.parse.files import Read, make_archive


def book(spine: str, manifest: str, **chapters: str) -> bytes:
    container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    package = f"<package><metadata><title>Rivers</title></metadata><manifest>{manifest}</manifest><spine>{spine}</spine></package>"
    entries = {"META_INF__container_dot_xml": container, "OPS__book_dot_opf": package, **chapters}
    return make_archive(mimetype="application/epub+zip", **entries).replace(b"META_INF", b"META-INF")


def test_chapters_are_read_in_the_order_of_the_spine_and_never_outside_the_archive(read: Read) -> None:
    manifest = (
        '<item id="a" href="a.xhtml"/><item id="b" href="b.xhtml"/><item id="c" href="../../../../etc/passwd"/>'
        '<item id="d" href="file:///etc/passwd"/>'
    )
    spine = "".join(f'<itemref idref="{id}"/>' for id in "bacdb")
    chapters = {"OPS__a_dot_xhtml": "<h1>Second</h1><p>sea", "OPS__b_dot_xhtml": "<html><body><h1>First</h1><p>spring"}
    document = read("a.epub", book(spine, manifest, **chapters))
    assert document.title == "Rivers"
    assert document.text == "First\n\nspring\n\nSecond\n\nsea"
    assert document.page_at(document.text.index("sea")) == 2
    assert document.note == "2 of 4 chapters are missing from the file."
