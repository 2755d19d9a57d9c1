from email.message import EmailMessage

import pytest

from services.retrieval.parse import InvalidFile
from tests.pdf import make_pdf
from tests.unit.retrieval.parse.files import Read, heading_path


def test_a_mail_shows_sender_recipients_and_subject(read: Read) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Pömpe", "Ann <a@example.org>", "Bob <b@example.org>"
    mail.set_content("Öl it.")
    mail.add_alternative("<p>Öl it, <b>in HTML</b>.</p>", subtype="html")
    mail.add_attachment(b"%PDF-", "application", "pdf", filename="plan.pdf")
    document = read("a.eml", mail.as_bytes())
    assert document.text == "Pömpe\n\nFrom: Ann <a@example.org>\nTo: Bob <b@example.org>\n\nÖl it."
    assert document.note is not None and "'plan.pdf' was not read: The file is not a PDF" in document.note
    page = EmailMessage()
    page["Subject"] = "Page"
    page.set_content("<h1>Care</h1><p>Oil it.</p>", subtype="html")
    assert read("a.eml", page.as_bytes()).text == "Page\n\nCare\n\nOil it."
    with pytest.raises(InvalidFile, match="not a mail"):
        read("a.eml", "no header at all\n\nand a text")


def test_an_attachment_is_read_as_a_section_or_named_in_the_note(read: Read) -> None:
    inner = EmailMessage()
    inner["Subject"] = "Forwarded"
    inner.set_content("Words of the forwarded mail.")
    inner.add_attachment(b"# Deep\n\nnot read", "text", "markdown", filename="deep.md")
    mail = EmailMessage()
    mail["Subject"] = "Pump"
    mail.set_content("See below.")
    mail.add_attachment(make_pdf(["Words of the plan"]), "application", "pdf", filename="plan.pdf")
    mail.add_attachment("# Care\n\nOil it.\n", filename="../care.md")
    mail.add_attachment(b"\x89PNG\r\n", "image", "png", filename="logo.png")
    mail.add_attachment(inner)
    document = read("a.eml", mail.as_bytes())
    assert document.text == (
        "Pump\n\nSee below.\n\nplan.pdf\n\nWords of the plan\n\n../care.md\n\n# Care\n\nOil it.\n\n"
        "Forwarded\n\nWords of the forwarded mail."
    )
    assert heading_path(document, "Oil") == ["Pump", "../care.md", "Care"]
    assert heading_path(document, "forwarded mail") == ["Pump", "Forwarded"]
    assert document.note == "These attachments were not read: logo.png, deep.md. If you need them, upload them as separate files."


def test_the_page_of_a_mail_is_read_if_its_text_is_empty(read: Read) -> None:
    mail = EmailMessage()
    mail["Subject"] = "News"
    mail.set_content(" \n")
    mail.add_alternative("<table><tr><td>Oil it.</table>", subtype="html")
    assert read("a.eml", mail.as_bytes()).text == "News\n\nOil it."


def test_headers_may_have_letters_that_are_not_encoded(read: Read) -> None:
    for encoding in ("utf-8", "cp1252"):
        source = "Subject: Größe\r\nFrom: Jörg <a@b.de>\r\n\r\nwords".encode(encoding)
        assert read("a.eml", source).text == "Größe\n\nFrom: Jörg <a@b.de>\n\nwords"


def test_lines_of_an_attachment_that_are_not_valid_are_named(read: Read) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Data"
    mail.add_attachment(b'{"a": 1}\n{"a"', "application", "octet-stream", filename="a.jsonl")
    document = read("a.eml", mail.as_bytes())
    assert document.text.endswith("a: 1")
    assert document.note is not None and document.note.startswith("Attachment 'a.jsonl': Line 2 is not valid JSON")
