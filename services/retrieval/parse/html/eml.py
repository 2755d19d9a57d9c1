"""Mails (.eml): sender, recipients, date and subject, then the text, then each attachment as a section.

Attachments of attached mails, and attachments of unsupported formats, are not read; the document's note names them.
"""

import mimetypes
import re
import tempfile
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import islice
from pathlib import Path
from typing import cast

from services.retrieval.parse.builder import Builder, one_line
from services.retrieval.parse.document import Document, InvalidFile, UnsupportedFile
from services.retrieval.parse.formats import READERS_BY_EXTENSION, file_extension
from services.retrieval.parse.html.page import add_page
from services.retrieval.parse.read import read_document
from services.retrieval.parse.text.encoding import decode, decode_declared

SHOWN_HEADERS = ("From", "To", "Cc", "Date")
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
MAX_NAMED = 5
MAX_ATTACHMENTS = 100
DAMAGE_ERRORS = (MessageError, LookupError, ValueError, AttributeError, TypeError)


def parse_eml(path: Path) -> Document:
    """Read a message.

    Raises:
        InvalidFile: if it is not a mail, or damaged.
    """
    headers, separator, body = _split(path.read_bytes())
    message = BytesParser(policy=policy.default).parsebytes(_decode(headers, None)[0].encode() + separator + body)
    try:
        return _read(message)
    except DAMAGE_ERRORS as error:
        raise InvalidFile("The mail is damaged. Save it again as .eml.") from error


def _split(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the headers (as UTF-8, which the parser needs), the blank line, and the rest."""
    end = BLANK_LINE.search(data)
    return (data[: end.start()], end[0], data[end.end() :]) if end else (data, b"", b"")


def _read(message: EmailMessage) -> Document:
    if not any(message[name] for name in (*SHOWN_HEADERS, "Subject")):
        raise InvalidFile("The file is not a mail: it has neither a sender nor a subject. Check its filename extension.")
    builder = Builder()
    _add_message(builder, message, 1)
    skipped = [name for part in islice(_attachments(message), MAX_ATTACHMENTS) for name in _add_attachment(builder, part)]
    skipped += [_name(part) for part in islice(_attachments(message), MAX_ATTACHMENTS, None)]
    if skipped:
        listed = ", ".join(skipped[:MAX_NAMED]) + (" …" if len(skipped) > MAX_NAMED else "")
        builder.add_note(f"These attachments were not read: {listed}. If you need them, upload them as separate files.")
    return builder.build()


def _add_message(builder: Builder, message: EmailMessage, level: int) -> None:
    builder.add_heading(str(message["Subject"] or ""), level)
    builder.add("\n".join(f"{name}: {one_line(str(message[name]))}" for name in SHOWN_HEADERS if message[name]))
    bodies = (message.get_body((kind,)) for kind in ("plain", "html"))
    for body in bodies:
        # Some e-mails have an empty text part next to the HTML.
        if body is not None and _add_body(builder, cast(EmailMessage, body)):
            return


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    yield from message.iter_attachments()


def _name(part: EmailMessage) -> str:
    return part.get_filename() or f"attachment{mimetypes.guess_extension(part.get_content_type()) or ''}"


def _add_attachment(builder: Builder, part: EmailMessage) -> list[str]:
    """Add an attachment as a section; return the names of the attachments in it that are not read."""
    name = _name(part)
    if part.get_content_type() == "message/rfc822":
        inner = part.get_content()
        _add_message(builder, inner, 2)
        return [_name(each) for each in _attachments(inner)]
    data = part.get_payload(decode=True)
    if READERS_BY_EXTENSION.get(file_extension(name)) in (None, "eml") or not isinstance(data, bytes):
        return [name]
    try:
        document = _read_attachment(data, name)
    except (InvalidFile, UnsupportedFile) as error:
        builder.add_note(f"The attachment '{name[:100]}' was not read: {error}")
        return []
    builder.add_heading(name, 2)
    builder.include(document, 2)
    if note := " ".join(filter(None, (document.note, document.problem))):
        builder.add_note(f"Attachment '{name[:100]}': {note}")
    return []


def _read_attachment(data: bytes, name: str) -> Document:
    with tempfile.NamedTemporaryFile(prefix="tandem-attached-") as file:
        file.write(data)
        file.flush()
        return read_document(Path(file.name), name)


def _add_body(builder: Builder, body: EmailMessage) -> bool:
    """Add the text of a body; return whether it has any."""
    length = builder.length
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    text, note = _decode(data, body.get_content_charset())
    if note:
        builder.add_note(note)
    if body.get_content_subtype() == "html":
        add_page(builder, text)
    else:
        builder.add(text.strip())
    return builder.length > length


def _decode(data: bytes, charset: str | None) -> tuple[str, str | None]:
    return decode_declared(data, charset) if charset else decode(data)
