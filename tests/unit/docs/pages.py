"""The pages of the documentation, as the tests read them: blocks of code, links, anchors and the code spans of their text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[3]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"
PAGES = (README, *sorted(DOCS.rglob("*.md")))
RUN = "run"  # code in a comment: it runs in its place on the page, and is not shown
COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.DOTALL)
RUNNABLE = ("python", RUN)


@dataclass(frozen=True)
class Block:
    """A block of code. `kind` is its language, or `run` for code in a comment; `note` is the comment right above it."""

    page: Path
    line: int
    kind: str
    text: str
    note: str = ""

    def __str__(self) -> str:
        """Return where the block is."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@cache
def tokens(page: Path) -> list[Token]:
    """Return the page's Markdown, parsed."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def blocks(page: Path) -> list[Block]:
    """Return the blocks of code of a page, in order."""
    found: list[Block] = []
    note = ""
    for token in tokens(page):
        line = (token.map or [0])[0] + 1
        if token.type == "fence":
            found.append(Block(page, line + 1, token.info.strip(), token.content, note))
        elif token.type == "code_block":
            found.append(Block(page, line, "", token.content, note))
        comment = COMMENT.search(token.content) if token.type == "html_block" else None
        note = comment[1] if comment else ""
        if note.startswith(f"{RUN}\n"):
            found.append(Block(page, line + 1, RUN, note.removeprefix(f"{RUN}\n")))
    return found


def is_curl(block: Block) -> bool:
    """Return whether the block is a shell's and does nothing but call the API."""
    starts = [line for line in block.text.replace("\\\n", " ").splitlines() if line.strip()]
    return block.kind == "bash" and all(line.startswith("curl localhost:8000/") for line in starts)


def runs(page: Path) -> bool:
    """Return whether a page has anything that runs against the stack."""
    return any(block.kind in RUNNABLE or is_curl(block) for block in blocks(page))


def inline(page: Path, kind: str) -> Iterator[Token]:
    """Yield the inline tokens of a kind, such as `link_open` or `code_inline`."""
    for token in tokens(page):
        yield from (child for child in token.children or () if child.type == kind)


def links(page: Path) -> list[str]:
    """Return the targets of the page's links."""
    return [str(token.attrGet("href")) for token in inline(page, "link_open")]


def anchors(page: Path) -> set[str]:
    """Return the anchors of the page's headings, as GitHub makes them."""
    found = zip(tokens(page), tokens(page)[1:], strict=False)
    return {_slug(text.content) for heading, text in found if heading.type == "heading_open"}


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
