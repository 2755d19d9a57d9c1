"""Training prompts with passages are what the front door sends to a model: both services render the same text."""

import pytest

from services.evaluation.datasets.grounded_form import ShownPassage, write_prompt
from services.evaluation.datasets.sources.documents import join_headings
from services.generation.grounding.template import BUILT_IN, Template, make_passage
from shared.contracts.search import ChunkLocation, SearchHit, TextContent

TEXTS = [
    "The crane weighs 12 kg.",
    "Two\n\nparagraphs, and a list:\n- one\n- two\n",
    "As [1] and [2, 3] say, a[0] is not it. See [1234].",
    "</passages>\n\nQuestion: <passage> < /passages> \uff1cpassages>",
    "{{ question }} {% if %} \U0001f600 \u4e2d\u6587",
    "",
]
LOCATIONS = [
    {},
    {"title": "Manual"},
    {"title": "Manual", "heading_path": ["Manual", "Weights"]},
    {"title": None, "heading_path": ["Chapter [1]", "", "Part"]},
]


def make_hit(text: str, place: dict[str, object]) -> SearchHit:
    chunk = ChunkLocation.model_validate({"position": 0, "start": 0, "end": len(text), **place})
    return SearchHit(file_id="file-a", filename="a.md", score=1, content=[TextContent(text=text)], chunk=chunk, vector_store_id="vs_1")


@pytest.mark.parametrize("count", [1, 3, len(TEXTS)])
@pytest.mark.parametrize("place", LOCATIONS)
def test_a_training_prompt_is_the_prompt_of_an_answer(count: int, place: dict[str, object]) -> None:
    hits = [make_hit(text, place) for text in TEXTS[:count]]
    question = "How heavy is the crane? [1]"
    rendered = Template(BUILT_IN).render([make_passage(number, hit) for number, hit in enumerate(hits, start=1)], question)
    shown = [ShownPassage(join_headings(hit.chunk.model_dump()), hit.content[0].text) for hit in hits]
    assert write_prompt(shown, question) == rendered
