"""Rich text (.rtf) by striprtf: the text, with tables as Markdown tables. Its headings are only bold lines, so none are found."""

from itertools import groupby
from pathlib import Path

from striprtf.striprtf import rtf_to_text

from services.retrieval.parse.builder import Builder
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.tables import table


def parse_rtf(path: Path) -> Document:
    """Read a rich text file.

    Raises:
        InvalidFile: if it is damaged.
    """
    try:
        # The format is ASCII; other characters are escaped.
        text = rtf_to_text(path.read_bytes().decode("latin-1"), errors="replace")
    except (ValueError, KeyError, IndexError, LookupError) as error:
        raise InvalidFile("The rich text file is damaged. Open it and save it again as .rtf or .docx.") from error
    builder = Builder()
    # The library ends each cell of a table row with a vertical bar.
    for is_table, group in groupby(text.strip().split("\n"), lambda line: line.endswith("|")):
        lines = list(group)
        builder.add(table([line.split("|")[:-1] for line in lines]) if is_table else "\n".join(lines))
    return builder.build()
