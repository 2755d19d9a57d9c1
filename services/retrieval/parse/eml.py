"""E-mail (.eml): who, when and about what, then the text; attachments are named in the note, not read."""

from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import cast

from services.retrieval.parse.document import Builder, Document, InvalidFile, one_line
from services.retrieval.parse.html import add_tree, tree
from services.retrieval.parse.text import decode

SHOWN = ("From", "To", "Cc", "Date")
NAMES_SHOWN = 5


def parse_eml(path: Path) -> Document:
    """Read a message.

    Raises:
        InvalidFile: it is no message.
    """
    with path.open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file)
    try:
        return _read(message)
    except (MessageError, LookupError, ValueError, AttributeError) as error:
        raise InvalidFile(f"The message is damaged ({type(error).__name__}). Save it anew as .eml.") from error


def _read(message: EmailMessage) -> Document:
    if not any(message[name] for name in (*SHOWN, "Subject")):
        raise InvalidFile("The file is not an e-mail: it has neither sender nor subject. Is the name's ending right?")
    builder = Builder()
    builder.add_heading(str(message["Subject"] or ""), 1)
    builder.add("\n".join(f"{name}: {one_line(str(message[name]))}" for name in SHOWN if message[name]))
    body = message.get_body(("plain", "html"))
    if body is not None:
        _add_body(builder, cast(EmailMessage, body))
    _note_attachments(builder, message)
    return builder.build()


def _add_body(builder: Builder, body: EmailMessage) -> None:
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    text = _decode(data, body.get_content_charset())
    if body.get_content_subtype() == "html":
        page = tree(text)
        if page is not None:
            add_tree(builder, page)
    else:
        builder.add(text.strip())


def _decode(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "ascii")
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _note_attachments(builder: Builder, message: EmailMessage) -> None:
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    if names:
        listed = ", ".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")
        builder.remark(f"Attachments of the message are not read; upload them by themselves: {listed}.")
