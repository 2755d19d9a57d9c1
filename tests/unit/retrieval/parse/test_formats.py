import pytest

from services.retrieval.parse import InvalidFile, UnsupportedFile
from tests.pdf import make_pdf
from tests.unit.retrieval.parse.files import Read, make_archive


@pytest.mark.parametrize("filename", ["a.exe", "a.pdf.zip", ".md.bak", "x" * 5000 + ".bin"])
def test_an_unsupported_format_is_rejected_with_the_supported_ones(read: Read, filename: str) -> None:
    with pytest.raises(UnsupportedFile, match="pdf, docx, pptx"):
        read(filename, "text")


@pytest.mark.parametrize("filename", ["a.docx", "a", "a.bin", "a.md", "..\\..\\a.TXT"])
def test_the_bytes_decide_the_format_if_the_extension_is_wrong_or_missing(read: Read, filename: str) -> None:
    document = read(filename, make_pdf(["Alpha"]))
    assert document.text == "Alpha"
    assert (document.note is not None) == (filename in ("a.docx", "a.md", "..\\..\\a.TXT"))


def test_a_file_without_an_extension_is_text_or_a_page_by_its_bytes(read: Read) -> None:
    assert read("README", "plain <b>text").text == "plain <b>text"
    assert read("page", "<!DOCTYPE html><p>seen</p>").text == "seen"


@pytest.mark.parametrize("filename", ["a.pdf", "a.docx", "a.pptx", "a.xlsx", "a.odt", "a.epub", "a.rtf"])
@pytest.mark.parametrize("content", ["plain text", b"\0\1\2\3", b""])
def test_bytes_that_are_not_what_the_extension_says_are_rejected(read: Read, filename: str, content: bytes | str) -> None:
    with pytest.raises(InvalidFile, match="name ends in"):
        read(filename, content)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n", b"\x1f\x8b\x08", b"\x7fELF\2", make_archive(a_dot_txt="text")])
def test_a_file_that_is_no_document_is_named(read: Read, content: bytes) -> None:
    with pytest.raises(UnsupportedFile, match=r"image|archive|program"):
        read("a.bin", content)


def test_an_old_office_file_that_was_cut_is_damaged_and_not_of_another_format(read: Read) -> None:
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    header[30], header[48] = 9, 20  # sectors of 512 bytes; the directory is in number 20
    with pytest.raises(InvalidFile, match="damaged or incomplete"):
        read("a.xls", bytes(header) + bytes(20 * 512))
    with pytest.raises(UnsupportedFile, match="old Office format"):
        read("a.doc", bytes(header) + bytes(21 * 512))


def test_a_protected_file_of_apple_pages_is_named(read: Read) -> None:
    with pytest.raises(UnsupportedFile, match="Apple Pages"):
        read("a.pages", make_archive(**{"buildVersionHistory.plist": "", "index.xml": "?"}))
