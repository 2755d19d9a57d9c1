from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pydantic import ValidationError

from services.retrieval.catalog import attachments, files, stores
from services.retrieval.catalog.records import Attachment, Store
from services.retrieval.chunk import AUTO, Chunk, Parent
from services.retrieval.contracts.vector_stores import VectorStoreFileCreate
from services.retrieval.index.points import ChunkOwner, to_point
from services.retrieval.lifecycle.attach import attach_file
from services.retrieval.search.candidates import find_targets
from services.retrieval.search.context_window import join_chunks
from services.retrieval.search.hits import ChunkHit
from services.retrieval.search.search import SearchResult
from shared.contracts.search import SearchRequest
from shared.errors import InvalidRequest
from tests.retrieval_harness import RetrievalHarness

WORDS = ("turquoise seal", "orange valve", "green pump")


@dataclass
class LengthReranker:
    """Prefers short passages, as a cross-encoder may; and remembers how many it was given."""

    name: str = "short-is-good"
    given: list[int] = field(default_factory=list)

    def deadline(self) -> float:
        return 0

    def score(self, query: str, texts: Sequence[str], deadline: float) -> list[float]:
        self.given.append(len(texts))
        return [1 / (1 + len(text)) for text in texts]


def put(harness: RetrievalHarness, *texts: str, filename: str = "a.txt", store_id: str = "vs_1") -> list[str]:
    ids = [harness.attach(text, filename, store_id) for text in texts]
    harness.work()
    return ids


def put_chunks(harness: RetrievalHarness, texts: Sequence[str], **attributes: Any) -> str:
    """Store one file whose chunks are these, each a line of it."""
    (file_id,) = put(harness, texts[0])
    owner = ChunkOwner("vs_1", file_id, harness.attachment(file_id).id, attributes)
    start, points = 0, []
    for position, text in enumerate(texts):
        chunk = Chunk(position, text, start, start + len(text), None, [], None)
        points.append(to_point(owner, chunk, harness.embedder.embed_query(text), harness.bm25.encode_passage(text)))
        start += len(text) + 1
    harness.index.upsert("words", points)
    return file_id


def add_store(harness: RetrievalHarness, id: str) -> None:
    with harness.database.session() as session:
        stores.add(session, Store(id=id, project_id="default", name="", embedding_model="words", space="words"))


def ask(harness: RetrievalHarness, query: str | list[str], **options: Any) -> SearchResult:
    request = SearchRequest.model_validate({"query": query, **options})
    return harness.searcher.search("default", ["vs_1", *request.vector_store_ids], request)


def texts(found: Sequence[ChunkHit]) -> list[str]:
    return [hit.text for hit in found]


def test_of_several_queries_a_chunk_has_its_best_score(harness: RetrievalHarness) -> None:
    put(harness, "The seal is turquoise.", "The valve is orange.")

    def scores(query: str | list[str]) -> dict[str, float]:
        found = ask(harness, query).hits
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
        return {hit.chunk.text: hit.score for hit in found}

    one, other = scores("turquoise seal"), scores("orange valve")
    assert scores(["turquoise seal", "orange valve"]) == {text: max(one[text], other[text]) for text in one}


@pytest.mark.parametrize("options", [{}, {"search_mode": "vector"}, {"search_mode": "keyword"}])
def test_a_threshold_drops_what_is_below_it(harness: RetrievalHarness, options: dict[str, Any]) -> None:
    put(harness, *WORDS)
    scores = [hit.score for hit in ask(harness, "turquoise seal", **options).hits]
    kept = ask(harness, "turquoise seal", ranking_options={"score_threshold": scores[0]}, **options).hits
    assert [hit.score for hit in kept] == scores[:1]


@pytest.mark.parametrize(
    "options",
    [
        {"fusion": {"type": "rrf"}},
        {"fusion": {"type": "rrf", "k": 1, "weights": {"vector": 2, "keyword": 1}}},
        {"fusion": {"type": "dbsf"}},
        {"fusion": {"type": "convex", "alpha": 0.2}},
        {"ranking_options": {"hybrid_search": {"embedding_weight": 1, "text_weight": 0}}},
    ],
)
def test_every_fusion_finds_what_the_question_is_about(harness: RetrievalHarness, options: dict[str, Any]) -> None:
    put(harness, *WORDS)
    found = ask(harness, "Where is the orange valve?", **options).hits
    assert found[0].text == "orange valve"
    assert all(0 <= hit.score <= 1 for hit in found)


def test_openais_weights_are_those_of_reciprocal_rank_fusion(harness: RetrievalHarness) -> None:
    put(harness, *WORDS)
    by_openai = ask(harness, "orange valve", ranking_options={"hybrid_search": {"embedding_weight": 3, "text_weight": 1}}).hits
    ours = ask(harness, "orange valve", fusion={"type": "rrf", "weights": {"vector": 3, "keyword": 1}}).hits
    assert [(hit.text, hit.score) for hit in by_openai] == [(hit.text, hit.score) for hit in ours]
    assert by_openai[0].score == 1.0


def test_a_breakdown_tells_how_the_score_came_about(harness: RetrievalHarness) -> None:
    put(harness, *WORDS)
    hit = ask(harness, ["green pump", "orange valve"]).hits[1]
    fused = hit.candidate.fused
    assert fused.vector and fused.keyword
    assert hit.candidate.query in ("green pump", "orange valve")
    assert fused.score == pytest.approx((fused.vector.score + fused.keyword.score) / 2)
    assert (fused.vector.rank, fused.keyword.rank, hit.candidate.rank) == (1, 1, 2)


def test_a_reranker_ranks_only_as_many_as_were_asked_for(harness: RetrievalHarness) -> None:
    put(harness, "valve valve valve, and another valve", "a valve", "valve valve, and a long rest")
    reranker = LengthReranker()
    harness.searcher = replace(harness.searcher, reranker=reranker)
    found = ask(harness, "valve", rerank={"top_k": 2}, max_num_results=2).hits
    assert reranker.given == [2] and len(found) == 2
    named = ask(harness, "valve", ranking_options={"ranker": "short-is-good"}).hits
    assert texts(named)[0] == "a valve"
    assert [hit.reranked.rank for hit in named if hit.reranked] == [1, 2, 3]
    assert named[0].score == pytest.approx(1 / 8)
    assert texts(ask(harness, "valve", ranking_options={"ranker": "short-is-good", "score_threshold": 0.1}).hits) == ["a valve"]
    assert [hit.reranked for hit in ask(harness, "valve").hits] == [None, None, None]


def test_a_reranker_or_rewriting_that_is_not_there_is_a_clear_error(harness: RetrievalHarness) -> None:
    for options, setting in (
        ({"rerank": {}}, "RETRIEVAL_RERANK_MODEL"),
        ({"ranking_options": {"ranker": "bge"}}, "'none', 'auto' or 'default-2024-11-15'"),
        ({"rewrite_query": True}, "RETRIEVAL_REWRITE_URL"),
    ):
        with pytest.raises(InvalidRequest, match=setting):
            ask(harness, "valve", **options)
    harness.searcher = replace(harness.searcher, reranker=LengthReranker())
    with pytest.raises(InvalidRequest, match="or 'short-is-good'"):
        ask(harness, "valve", ranking_options={"ranker": "bge"})


def test_diversity_prefers_what_was_not_said_yet(harness: RetrievalHarness) -> None:
    put_chunks(harness, ["a blue valve", "a blue valve!", "a blue valve?", "a valve that leaks", "nothing of it"])
    assert "leaks" not in str(texts(ask(harness, "blue valve", max_num_results=3).hits))
    diverse = ask(harness, "blue valve", max_num_results=3, diversity=0.6).hits
    assert texts(diverse)[0].startswith("a blue valve")
    assert "a valve that leaks" in texts(diverse)
    assert all(0 <= hit.score <= 1 for hit in diverse)


def test_hits_are_grouped_by_file(harness: RetrievalHarness) -> None:
    first = put_chunks(harness, ["orange valve", "orange valve again", *(f"valve {i}" for i in range(9))])
    second = put_chunks(harness, ["green valve"])
    found = ask(harness, "orange valve", group_by_file=True).hits
    assert [hit.file.file_id for hit in found] == [first, second]
    assert {texts(found)[0], found[0].others[0].text} == {"orange valve", "orange valve again"}
    assert len(found[0].others) == 4
    assert len(ask(harness, "orange valve", group_by_file=True, max_num_results=1).hits) == 1


def test_neighbours_surround_a_hit(harness: RetrievalHarness) -> None:
    put_chunks(harness, ["zero", "one", "two", "an orange valve", "four", "five", "six"])
    put_chunks(harness, ["elsewhere"])
    (hit,) = ask(harness, "orange valve", max_num_results=1, context_window=2).hits
    assert hit.context and hit.chunk.text == "an orange valve"
    assert hit.text == "one\ntwo\nan orange valve\nfour\nfive"
    assert (hit.context.first_position, hit.context.last_position, hit.context.start) == (1, 5, 5)
    (first,) = ask(harness, "zero", max_num_results=1, context_window=1).hits
    assert first.text == "zero\none"


def test_overlaps_of_neighbours_are_said_once() -> None:
    document = "The quick brown fox jumps over the lazy dog. Then it sleeps."
    spans = [(0, 19), (10, 30), (20, 44), (46, 60)]
    chunks = [Chunk(i, document[start:end], start, end, None, [], None) for i, (start, end) in enumerate(spans)]
    whole = join_chunks(chunks)
    assert whole.text == document[:44] + "\n" + document[46:]
    assert (whole.start, whole.end, whole.first_position, whole.last_position) == (0, 60, 0, 3)


def test_neighbours_in_another_parent_bring_all_of_it() -> None:
    one, other = Parent("one two", 0, 7), Parent("three four", 8, 18)
    spans = [("one", 0, 3, one), ("two", 4, 7, one), ("three", 8, 13, other)]
    chunks = [Chunk(i, text, start, end, None, [], None, parent) for i, (text, start, end, parent) in enumerate(spans)]
    assert join_chunks(chunks[:2]).text == "one two"
    assert join_chunks(chunks[1:]).text == "one two\nthree four"


def test_several_stores_are_searched_at_once(harness: RetrievalHarness) -> None:
    with harness.database.session() as session:
        stores.add(session, Store(id="vs_2", project_id="default", name="", embedding_model="words", space="words"))
    put(harness, "orange valve")
    put(harness, "the orange valve leaks", store_id="vs_2")
    put(harness, "green pump", store_id="vs_2")
    alone = ask(harness, "orange valve").hits + harness.searcher.search("default", ["vs_2"], SearchRequest(query="orange valve")).hits
    both = ask(harness, "orange valve", vector_store_ids=["vs_2"]).hits
    assert sorted((hit.text, hit.score) for hit in both) == sorted((hit.text, hit.score) for hit in alone)
    assert [hit.file.vector_store_id for hit in both][:2] == ["vs_1", "vs_2"]
    assert texts(ask(harness, "orange valve", vector_store_ids=["vs_1"]).hits) == ["orange valve"]


def test_what_lies_in_several_stores_comes_once_and_takes_no_others_place(harness: RetrievalHarness) -> None:
    ids = put(harness, *(f"orange valve number {number}" for number in range(4)))
    terms = attachments.AttachOptions(None, AUTO.model_dump(), chunking_is_default=True)
    with harness.database.session() as session:
        other = Store(id="vs_2", project_id="default", name="", embedding_model="words", space="words")
        stores.add(session, other)
        attachments.attach_all(session, other, [(file, terms) for file in files.find_all(session, "default", ids).values()])
    put(harness)
    for extra in ({}, {"rerank": {"top_k": 4}}, {"search_mode": "vector"}):
        harness.searcher = replace(harness.searcher, reranker=LengthReranker())
        hits = ask(harness, "orange valve", vector_store_ids=["vs_2"], max_num_results=4, **extra).hits
        assert sorted(hit.file.file_id for hit in hits) == sorted(ids)


def test_chunks_of_files_that_were_never_begun_are_not_asked_for(harness: RetrievalHarness) -> None:
    with harness.database.session() as session:
        waiting = [Attachment(id=f"vsf_{i}", vector_store_id="vs_1", file_id=f"file-{i}", space="words", chunking={}) for i in range(50)]
        session.add_all(
            [*waiting, Attachment(id="vsf_b", vector_store_id="vs_1", file_id="b", space="words", chunking={}, may_have_points=True)]
        )
        (target,) = find_targets(session, [session.get_one(Store, "vs_1")])
    assert target.excluded == ["vsf_b"]


def reason(harness: RetrievalHarness, file_id: str, query: str = "orange valve", **options: Any) -> tuple[str, int | None]:
    explanation = ask(harness, query, explain_file=file_id, **options).explanation
    assert explanation is not None and explanation.message
    return explanation.reason, explanation.rank


def test_it_is_told_why_a_file_is_not_among_the_hits(harness: RetrievalHarness) -> None:
    first, second, other = put(harness, "orange valve", "another orange valve, further down", "green pump")
    broken = put(harness, "\x00\x01", filename="a.pdf")[0]
    assert reason(harness, first) == ("found", 1)
    add_store(harness, "vs_2")
    (elsewhere,) = put(harness, "orange valve elsewhere", store_id="vs_2")
    assert reason(harness, "file-nowhere") == ("no_such_file", None)
    assert reason(harness, elsewhere) == ("not_in_store", None)
    assert reason(harness, broken) == ("failed", None)
    assert reason(harness, second, max_num_results=1) == ("outranked", 2)
    assert reason(harness, other, ranking_options={"score_threshold": 0.5}) == ("below_threshold", 3)
    assert reason(harness, other, search_mode="keyword") == ("no_match", None)
    assert reason(harness, first, filters={"type": "eq", "key": "a", "value": 1}) == ("filtered_out", None)
    queued = harness.attach("orange valve")
    assert reason(harness, queued) == ("in_progress", None)


def test_of_a_file_in_several_stores_the_one_where_it_comes_nearest_is_told(harness: RetrievalHarness) -> None:
    add_store(harness, "vs_2")
    (first, file_id) = put(harness, "orange valve", "orange valve, further down and in both")
    both = VectorStoreFileCreate(file_id=file_id, attributes={"a": 1})
    attach_file(harness.database, harness.embedders, "default", "vs_2", both)
    asked = {"vector_store_ids": ["vs_2"], "explain_file": file_id, "max_num_results": 1}
    waiting = ask(harness, "orange valve", **asked).explanation
    assert waiting is not None and (waiting.reason, waiting.vector_store_id) == ("outranked", "vs_1")
    while harness.worker().work_once():
        pass
    only = ask(
        harness, "green", filters={"type": "eq", "key": "a", "value": 1}, **asked, ranking_options={"score_threshold": 0.9}
    ).explanation
    assert only is not None and (only.reason, only.vector_store_id) == ("below_threshold", "vs_2")
    assert reason(harness, first, vector_store_ids=["vs_2"]) == ("found", 1)


def test_a_query_longer_than_the_embedders_window_is_searched_and_the_answer_says_so(harness: RetrievalHarness) -> None:
    put(harness, "orange valve")
    long = "valve " * 65
    answer = ask(harness, ["valve", long])
    assert answer.hits
    assert answer.note == (
        "Query 1 (counted from 0) has 65 tokens, of which 'words' reads the first 64; its keywords come from the whole query."
    )
    assert "keywords" not in str(ask(harness, long, search_mode="vector").note)
    assert ask(harness, long, search_mode="keyword").note is None
    assert ask(harness, "valve " * 64).note is None


def test_asking_about_a_file_changes_no_hit(harness: RetrievalHarness) -> None:
    (file_id, *_) = put(harness, *WORDS)
    plain, asked = ask(harness, "valve"), ask(harness, "valve", explain_file=file_id)
    assert [(hit.text, hit.score) for hit in plain.hits] == [(hit.text, hit.score) for hit in asked.hits]
    assert plain.explanation is None


@pytest.mark.parametrize("query", ["", " \n\u3000", [], ["a", " "], [""], ["a", ""], ["a"] * 33])
def test_a_query_without_words_is_refused(query: str | list[str]) -> None:
    with pytest.raises(ValidationError, match="at least one character"):
        SearchRequest(query=query)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"fusion": {"type": "rrf"}, "search_mode": "vector"}, "nothing to fuse"),
        ({"fusion": {"type": "rrf"}, "ranking_options": {"hybrid_search": {"embedding_weight": 1, "text_weight": 1}}}, "give either"),
        ({"ranking_options": {"hybrid_search": {"embedding_weight": 0, "text_weight": 0}}}, "at least one is above 0"),
        ({"fusion": {"type": "dbsf", "weights": {"vector": 0, "keyword": 0}}}, "at least one is above 0"),
        ({"rerank": {}, "ranking_options": {"ranker": "none"}}, "give one of them"),
        ({"max_num_results": 51}, "less than or equal to 50"),
        ({"diversity": 1.5}, "less than or equal to 1"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        SearchRequest.model_validate({"query": "a", **options})


def refused(type: str, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        SearchRequest.model_validate({"query": "a", "filters": {"type": type, "key": "year", "value": value}})
    return str(caught.value)


def test_a_filter_that_means_nothing_is_refused_and_told_what_would_be_right() -> None:
    assert "its value is a number, such as 2024" in refused("gt", "2024")
    assert "its value is a number, such as 2024" in refused("lte", True)
    assert "takes a list of 1 to 1000 values" in refused("in", "a")
    assert "takes a list of 1 to 1000 values" in refused("nin", [])
    assert "for a list there are `in` and `nin`" in refused("ne", ["a"])
    assert "'eq', 'ne', 'gt'" in refused("like", "a")
    assert "Infinity" in refused("eq", float("inf"))


def test_a_filter_that_is_too_deep_or_too_large_is_refused() -> None:
    leaf = {"type": "eq", "key": "year", "value": 1}
    deep: dict[str, object] = leaf
    for _ in range(7):
        deep = {"type": "or", "filters": [deep]}
    SearchRequest.model_validate({"query": "a", "filters": deep})
    wide = {"type": "and", "filters": [{"type": "or", "filters": [leaf] * 70}] * 2}
    for filter in ({"type": "and", "filters": [deep]}, wide):
        with pytest.raises(ValidationError, match="8 levels deep and have 128 parts"):
            SearchRequest.model_validate({"query": "a", "filters": filter})
