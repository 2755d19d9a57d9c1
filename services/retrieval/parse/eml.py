"""E-mail (.eml): who, when and about what, then the text, then each attachment that can be read as a section of its own.

What is attached to a mail that is attached is named in the note, not read, as are attachments of formats that are not read.
"""

import mimetypes
import tempfile
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import islice
from pathlib import Path
from typing import cast

from services.retrieval.parse import parse
from services.retrieval.parse.document import Builder, Document, InvalidFile, UnsupportedFile, one_line
from services.retrieval.parse.encoding import decode
from services.retrieval.parse.formats import ENDINGS, ending
from services.retrieval.parse.html import add_page

SHOWN = ("From", "To", "Cc", "Date")
NAMES_SHOWN = 5
MAX_ATTACHMENTS = 100
BROKEN = (MessageError, LookupError, ValueError, AttributeError, TypeError)


def parse_eml(path: Path) -> Document:
    """Read a message.

    Raises:
        InvalidFile: it is no message.
    """
    with path.open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file)
    try:
        return _read(message)
    except BROKEN as error:
        raise InvalidFile(f"The message is damaged ({type(error).__name__}). Save it anew as .eml.") from error


def _read(message: EmailMessage) -> Document:
    if not any(message[name] for name in (*SHOWN, "Subject")):
        raise InvalidFile("The file is not an e-mail: it has neither sender nor subject. Is the name's ending right?")
    builder = Builder()
    _add_message(builder, message, 1)
    unread = [name for part in islice(_attachments(message), MAX_ATTACHMENTS) for name in _add_attachment(builder, part)]
    unread += [_name(part) for part in islice(_attachments(message), MAX_ATTACHMENTS, None)]
    if unread:
        listed = ", ".join(unread[:NAMES_SHOWN]) + (" …" if len(unread) > NAMES_SHOWN else "")
        builder.remark(f"Attachments that are not read: {listed}. Upload by themselves what matters of them.")
    return builder.build()


def _add_message(builder: Builder, message: EmailMessage, level: int) -> None:
    builder.add_heading(str(message["Subject"] or ""), level)
    builder.add("\n".join(f"{name}: {one_line(str(message[name]))}" for name in SHOWN if message[name]))
    body = message.get_body(("plain", "html"))
    if body is not None:
        _add_body(builder, cast(EmailMessage, body))


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    yield from message.iter_attachments()


def _name(part: EmailMessage) -> str:
    return part.get_filename() or f"attachment{mimetypes.guess_extension(part.get_content_type()) or ''}"


def _add_attachment(builder: Builder, part: EmailMessage) -> list[str]:
    """Add what is attached as a section; return the names of what is in it that is not read."""
    name = _name(part)
    if part.get_content_type() == "message/rfc822":
        inner = part.get_content()
        _add_message(builder, inner, 2)
        return [_name(each) for each in _attachments(inner)]
    data = part.get_payload(decode=True)
    if ENDINGS.get(ending(name)) in (None, "eml") or not isinstance(data, bytes):
        return [name]
    try:
        document = _parse(data, name)
    except (InvalidFile, UnsupportedFile) as error:
        builder.remark(f"Attachment '{name[:100]}' is not read: {error}")
        return []
    builder.add_heading(name, 2)
    builder.include(document, 2)
    if document.note:
        builder.remark(f"Attachment '{name[:100]}': {document.note}")
    return []


def _parse(data: bytes, name: str) -> Document:
    with tempfile.NamedTemporaryFile(prefix="tandem-attached-") as file:
        file.write(data)
        file.flush()
        return parse(Path(file.name), name)


def _add_body(builder: Builder, body: EmailMessage) -> None:
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    text = _decode(data, body.get_content_charset())
    if body.get_content_subtype() == "html":
        add_page(builder, text)
    else:
        builder.add(text.strip())


def _decode(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "ascii")
    except (LookupError, UnicodeDecodeError):
        return decode(data)
