from services.generation.answers.attribute import attribute
from services.generation.answers.citations import Attribution, build_grounding, chunk_id
from services.generation.contracts.grounding import Grounding
from services.generation.grounding.ground import Abstention, GroundedPrompt
from tests.fake_retrieval import make_hit
from tests.unit.generation.answers.grounded_prompts import HITS, make_abstention, make_prompt

TEXT = "The seal is turquoise [1]. Bananas are blue."


def build(grounded: GroundedPrompt | Abstention, text: str = TEXT, by_words_only: bool = False) -> Grounding:
    claims = {0: attribute(text, grounded.context.passages)}
    return build_grounding(Attribution({0: text}, claims, by_words_only), grounded, grounded.context.timings.end_step("generate"))


def test_a_chunk_is_named_by_its_file_and_position() -> None:
    assert chunk_id(HITS[1]) == "file-a:1"


def test_every_passage_is_a_citation_and_every_sentence_has_its_support() -> None:
    grounding = build(make_prompt())
    assert [citation.index for citation in grounding.citations] == [1, 2]
    assert [(span.source, span.start, span.end) for span in grounding.citations[0].spans] == [("marker", 22, 25)]
    assert [sentence.supported for sentence in grounding.sentences] == [True, False]
    assert not grounding.abstained


def test_notes_say_what_was_dropped_what_was_not_rewritten_and_what_was_not_embedded() -> None:
    dropped = make_hit("Long.", 0.1, position=9)
    notes = build(make_prompt(dropped=[dropped], note="Not rewritten."), by_words_only=True).notes
    assert notes[0] == "Not rewritten."
    assert notes[1].startswith("1 of 3 passages were dropped, because not all fit into the model's window")
    assert "by their words alone" in notes[2]


def test_the_trace_gives_the_reason_of_a_dropped_hit() -> None:
    dropped = make_hit("Long.", 0.1, position=9)
    trace = build(make_prompt(trace=True, dropped=[dropped])).trace
    assert trace is not None
    assert [(hit.index, hit.reason) for hit in trace.hits] == [(1, None), (2, None), (None, "window")]
    assert set(trace.timings_ms) == {"generate"}
    assert trace.prompt_sha256 is not None


def test_an_abstention_has_no_prompt() -> None:
    grounding = build(make_abstention(trace=True), text="")
    assert grounding.abstained
    assert grounding.trace is not None
    assert grounding.trace.prompt_sha256 is None
