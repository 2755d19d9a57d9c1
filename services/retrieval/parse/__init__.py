"""Files to documents: text with pages and headings, whatever the format. The first step of ingesting.

Only `ingestion`, `chunk`, `index`, the routes and the wiring import this room, and only what this file exports (`chunk` also uses
`markdown_blocks`). A file is never read in the service's own process: `SandboxedParser` reads it in a child process with limits. The
modules that know the formats are for that process; no other room may import them. This room knows nothing of chunks.

    document.py         the result: a document, or why there is none
    long_text.py        a text that is too long to keep in memory
    markdown_blocks.py  where Markdown's blocks begin and end
    sandbox/            the child processes: `parser.py` is what the service calls
    read.py             in the child: which format a file has, and reading it (`formats.py`)
    builder.py          what the formats share: collecting the text (`tables.py`, `spans.py`, `archive.py`)
    text/               plain text, Markdown, CSV, JSON
    html/               HTML, and the formats that contain it: e-books, mails
    office/             Word, PowerPoint, spreadsheets, OpenDocument, rich text
    pdf/                PDF
"""

from services.retrieval.parse.document import Document, Heading, InvalidFile, UnsupportedFile
from services.retrieval.parse.long_text import Text
from services.retrieval.parse.sandbox.parser import Limits, SandboxedParser

__all__ = ["Document", "Heading", "InvalidFile", "Limits", "SandboxedParser", "Text", "UnsupportedFile"]
