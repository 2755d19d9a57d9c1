from pathlib import Path

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from tests.unit.retrieval.parse.files import Read, headings_of


def test_each_slide_is_a_page_in_reading_order(read: Read, tmp_path: Path) -> None:
    deck = pptx.Presentation()
    deck.core_properties.title = "Pumps"
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text, first.placeholders[1].text = "Care", "Oil it\nClean it"
    first.notes_slide.notes_text_frame.text = "Ask them."
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Parts"
    second.shapes.add_textbox(Inches(1), Inches(5), Inches(2), Inches(1)).text_frame.text = "below"
    grid = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, column, text in ((0, 0, "Part"), (0, 1, "No."), (1, 0, "Seal"), (1, 1, "7")):
        grid.cell(row, column).text = text
    deck.save(str(tmp_path / "deck.pptx"))
    document = read("a.pptx", (tmp_path / "deck.pptx").read_bytes())
    assert document.title == "Pumps"
    assert headings_of(document) == [(1, "Care"), (1, "Parts")]
    assert document.text == "Care\n\n- Oil it\n- Clean it\n\nAsk them.\n\nParts\n\n| Part | No. |\n| --- | --- |\n| Seal | 7 |\n\nbelow"
    assert [document.page_at(document.text.index(word)) for word in ("Oil", "Parts", "below")] == [1, 2, 2]


@pytest.mark.parametrize(("kind", "text"), [(XL_CHART_TYPE.COLUMN_CLUSTERED, "| Ducks | 3 |"), (XL_CHART_TYPE.THREE_D_COLUMN, "not read")])
def test_a_chart_is_a_table_or_a_note_if_it_is_not_supported(read: Read, tmp_path: Path, kind: XL_CHART_TYPE, text: str) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Birds"
    data = CategoryChartData()
    data.categories = ["Ducks"]
    data.add_series("2020", (3.0,))
    try:
        slide.shapes.add_chart(kind, 0, 0, Inches(4), Inches(4), data)
    except NotImplementedError:
        chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(4), data).chart
        bars = chart._chartSpace.find(".//{*}barChart")
        bars.tag = bars.tag.replace("barChart", "bar3DChart")
    deck.save(str(tmp_path / "deck.pptx"))
    document = read("a.pptx", (tmp_path / "deck.pptx").read_bytes())
    assert text in f"{document.text} {document.note}"
