"""PowerPoint by python-pptx. Each slide is a page: its title as a heading, then texts from top to bottom, tables, chart values, notes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pptx
from lxml import etree
from pptx.exc import PythonPptxError

from services.retrieval.parse import archive
from services.retrieval.parse.builder import Builder
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.spans import Cell, expand_spans
from services.retrieval.parse.tables import sparse_table, table

# The title that PowerPoint gives to a new presentation.
DEFAULT_TITLES = {"", "powerpoint presentation"}
DAMAGE_ERRORS = (*archive.DAMAGE_ERRORS, PythonPptxError)


def parse_pptx(path: Path) -> Document:
    """Read a presentation.

    Raises:
        InvalidFile: if it is damaged, encrypted, or too large when unpacked.
    """
    with archive.open_archive(path, "PowerPoint"):
        pass
    try:
        return _read(pptx.Presentation(str(path)))
    except etree.XMLSyntaxError as error:
        raise InvalidFile(_describe(error)) from error
    except DAMAGE_ERRORS as error:
        raise InvalidFile("The presentation is damaged. Open it in PowerPoint and save it again.") from error


def _describe(error: etree.XMLSyntaxError) -> str:
    if any(words in str(error).lower() for words in ("huge text", "text node too long", "depth")):
        return "The presentation has a text of more than 10 million characters, or is nested too deeply. Split it into several files."
    return "The presentation is damaged. Open it in PowerPoint and save it again."


def _read(presentation: Any) -> Document:
    title = presentation.core_properties.title or ""
    builder = Builder(title=None if title.lower() in DEFAULT_TITLES else title)
    for slide in presentation.slides:
        builder.begin_page()
        _add_slide(builder, slide)
    return builder.build()


def _add_slide(builder: Builder, slide: Any) -> None:
    title = slide.shapes.title
    if title is not None:
        builder.add_heading(title.text_frame.text, 1)
    for shape in _in_reading_order(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            _add_shape(builder, shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        builder.add(slide.notes_slide.notes_text_frame.text)


def _in_reading_order(shapes: Any) -> Iterator[Any]:
    """Yield the shapes of a slide in reading order: from the top, then from the left; those of a group together."""
    for shape in sorted(shapes, key=lambda each: (each.top or 0, each.left or 0)):
        if hasattr(shape, "shapes"):
            yield from _in_reading_order(shape.shapes)
        else:
            yield shape


def _add_shape(builder: Builder, shape: Any) -> None:
    if getattr(shape, "has_table", False):
        builder.add(sparse_table(expand_spans([[_to_cell(cell) for cell in row.cells if not cell.is_spanned] for row in shape.table.rows])))
    elif getattr(shape, "has_chart", False):
        _add_chart(builder, shape.chart)
    elif shape.has_text_frame:
        _add_text(builder, shape)


def _to_cell(cell: Any) -> Cell:
    return Cell(cell.text, cell.span_width, cell.span_height) if cell.is_merge_origin else Cell(cell.text)


def _add_text(builder: Builder, shape: Any) -> None:
    paragraphs = [paragraph.text.replace("\v", "\n").strip() for paragraph in shape.text_frame.paragraphs]
    lines = [line for line in paragraphs if line]
    is_list = len(lines) > 1 and shape.is_placeholder
    builder.add("\n".join(f"- {line}" if is_list else line for line in lines))


def _add_chart(builder: Builder, chart: Any) -> None:
    if chart.has_title and chart.chart_title.has_text_frame:
        builder.add(chart.chart_title.text_frame.text)
    for plot in _read_plots(builder, chart):
        names = ["", *(str(series.name) for series in plot.series)]
        columns = [
            [str(category) for category in plot.categories],
            *([_to_string(value) for value in series.values] for series in plot.series),
        ]
        rows = [list(row) for row in zip(*columns, strict=False)]
        builder.add(table([names, *rows]))


def _read_plots(builder: Builder, chart: Any) -> list[Any]:
    try:
        return list(chart.plots)
    except ValueError:
        builder.add_note("The values of a chart were not read, because charts of its type (such as 3D charts) are not supported.")
        return []


def _to_string(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"
