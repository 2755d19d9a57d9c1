"""Rich text (.rtf) by striprtf: its text, tables as Markdown tables; no headings, which the format does not tell from bold lines."""

from itertools import groupby
from pathlib import Path

from striprtf.striprtf import rtf_to_text

from services.retrieval.parse.document import Builder, Document, InvalidFile, table


def parse_rtf(path: Path) -> Document:
    """Read a rich text file.

    Raises:
        InvalidFile: it is broken.
    """
    try:
        # The format is ASCII; what is not says its encoding by escapes.
        text = rtf_to_text(path.read_bytes().decode("latin-1"), errors="replace")
    except (ValueError, KeyError, IndexError, LookupError) as error:
        raise InvalidFile(f"The rich text is damaged ({type(error).__name__}). Open it and save it anew as .rtf or .docx.") from error
    builder = Builder()
    # The library ends each cell of a row with a bar.
    for is_table, group in groupby(text.strip().split("\n"), lambda line: line.endswith("|")):
        lines = list(group)
        builder.add(table([line.split("|")[:-1] for line in lines]) if is_table else "\n".join(lines))
    return builder.build()
