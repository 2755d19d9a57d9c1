"""Every index behaves the same: Qdrant Edge in this process and in its own, a real Qdrant server over REST and over gRPC, and the fake."""

import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from services.retrieval.chunk import Chunk, Parent
from services.retrieval.index import Index, Query, edge
from services.retrieval.index.bm25 import Bm25
from services.retrieval.index.edge import EdgeIndex
from services.retrieval.index.edge_client import EdgeClient
from services.retrieval.index.points import ATTACHMENT, TENANT, ChunkOwner, Point, to_point
from services.retrieval.index.server import ServerIndex
from shared.contracts.filters import ComparisonFilter, CompoundFilter, Filter
from shared.errors import Conflict, Unavailable
from shared.ids import new_id
from tests.fake_index import FakeIndex, Space
from tests.integration.qdrant import QdrantServer
from tests.ports import free_port

BM25 = Bm25()
Opener = Callable[[], Index]
Value = str | bool | float


@pytest.fixture(params=["fake", "edge", "edge-process", "rest", "grpc"])
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    if request.param == "fake":
        spaces: dict[str, Space] = {}
        return lambda: FakeIndex(spaces)
    if request.param == "edge":
        return lambda: EdgeIndex(tmp_path / "index")
    if request.param == "edge-process":
        return lambda: EdgeClient(tmp_path / "index")
    server: QdrantServer = request.getfixturevalue("qdrant_server")
    port = server.grpc_port if request.param == "grpc" else None
    return lambda: ServerIndex(server.url, server.key, grpc_port=port)


@pytest.fixture
def index(open_index: Opener) -> Iterator[Index]:
    opened = open_index()
    yield opened
    opened.close()


@pytest.fixture
def space() -> str:
    return new_id("space-").lower()


def point(text: str, vector: list[float], store: str = "vs_1", attachment: str = "a1", position: int = 0, **attributes: Value) -> Point:
    chunk = Chunk(position, text, 10, 10 + len(text), None, ["Grüße", "Zweitens"], "A title")
    return to_point(ChunkOwner(store, "file-1", attachment, attributes), chunk, vector, BM25.encode_passage(text))


def by_meaning(index: Index, space: str, filter: Filter | None = None, store: str = "vs_1") -> list[str]:
    nearest, matching = index.search(space, store, Query(vector=[1.0, 0.0, 0.0]), filter, 10)
    assert matching == []
    return [index.fetch_chunks(space, [hit.id])[hit.id].chunk.text for hit in nearest]


def by_keyword(index: Index, space: str, question: str, store: str = "vs_1") -> list[str]:
    nearest, matching = index.search(space, store, Query(keywords=BM25.encode_query(question)), None, 10)
    assert nearest == []
    return [index.fetch_chunks(space, [hit.id])[hit.id].chunk.text for hit in matching]


def compare(type: Any, key: str, value: Value | list[Value]) -> ComparisonFilter:
    return ComparisonFilter.model_validate({"type": type, "key": key, "value": value})


def both(*filters: Filter) -> CompoundFilter:
    return CompoundFilter(type="and", filters=list(filters))


def either(*filters: Filter) -> CompoundFilter:
    return CompoundFilter(type="or", filters=list(filters))


def test_a_space_that_does_not_exist_is_empty(index: Index, space: str) -> None:
    index.delete(space, {ATTACHMENT: "a1"})
    assert index.count(space, {}) == 0
    assert index.search(space, "vs_1", Query([1.0, 0.0, 0.0], BM25.encode_query("word")), None, 10) == ([], [])
    assert index.fetch_chunks(space, ["6f1d1c4e-52a5-4c0e-9d0b-6d3f5b1c7a52"]) == {}


def test_the_nearest_come_first_and_scores_are_cosines(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    index.upsert(
        space,
        [point("far", [0.0, 1.0, 0.0], position=0), point("near", [2.0, 0.2, 0.0], position=1), point("half", [1.0, 1.0, 0.0], position=2)],
    )
    assert by_meaning(index, space) == ["near", "half", "far"]
    nearest, _ = index.search(space, "vs_1", Query([1.0, 0.0, 0.0]), None, 10)
    assert [round(hit.score, 3) for hit in nearest] == [0.995, 0.707, 0.0]


def test_keywords_find_only_points_that_have_them_and_rare_words_count_more(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    texts = ["the pump hums", "the pump drips", "a pump and a valve", "nothing at all"]
    index.upsert(space, [point(text, [1.0, 0.0, 0.0], position=i) for i, text in enumerate(texts)])
    assert by_keyword(index, space, "Which PUMPS have valves?")[0] == "a pump and a valve"
    assert set(by_keyword(index, space, "pump")) == set(texts[:3])
    assert by_keyword(index, space, "the of and") == []


def test_keywords_find_words_in_scripts_without_spaces_and_without_accents(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    texts = ["日本の首都は東京です", "เมืองหลวงของประเทศไทยคือกรุงเทพมหานคร", "Un été à Paris"]
    index.upsert(space, [point(text, [1.0, 0.0, 0.0], position=i) for i, text in enumerate(texts)])
    assert [by_keyword(index, space, question) for question in ("東京", "กรุงเทพ", "ete")] == [[text] for text in texts]


def test_excluded_attachments_take_no_place_in_the_results(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    crowd = [point("a valve", [1.0, 0.0, 0.0], attachment=f"a{i % 2}", position=i) for i in range(30)]
    index.upsert(space, [*crowd, point("a valve somewhere", [1.0, 1.0, 0.0], attachment="a2")])
    query = Query([1.0, 0.0, 0.0], BM25.encode_query("valve"))
    for hits in index.search(space, "vs_1", query, None, 10, ["a0", "a1"]):
        assert [index.fetch_chunks(space, [hit.id])[hit.id].chunk.text for hit in hits] == ["a valve somewhere"]


def test_one_search_returns_both_lists(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    index.upsert(space, [point("valve", [0.0, 1.0, 0.0], position=0), point("pump", [1.0, 0.0, 0.0], position=1)])
    nearest, matching = index.search(space, "vs_1", Query([1.0, 0.0, 0.0], BM25.encode_query("valve")), None, 10)
    assert (len(nearest), len(matching)) == (2, 1)


def test_the_list_of_keywords_may_have_another_length(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    index.upsert(space, [point("valve " * i, [0.0, 1.0, 0.0], position=i) for i in range(1, 6)])
    query = Query([1.0, 0.0, 0.0], BM25.encode_query("valve"))
    (nearest, shorter), (_, whole) = (index.search(space, "vs_1", query, None, 4, keyword_limit=limit) for limit in (2, None))
    assert (len(nearest), len(whole)) == (4, 4) and shorter == whole[:2]


def test_a_chunk_comes_back_as_it_was_stored(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    stored = point("naïve “text”\n\n| a | b |", [1.0, 0.0, 0.0], position=7)
    index.upsert(space, [stored])
    back = index.fetch_chunks(space, [stored.id])[stored.id]
    assert back.attachment_id == "a1"
    assert back.chunk == Chunk(7, "naïve “text”\n\n| a | b |", 10, 33, None, ["Grüße", "Zweitens"], "A title")


def test_a_chunk_comes_back_with_its_parent(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    child = Chunk(1, "two", 4, 7, 2, [], None, Parent("one two", 0, 7))
    stored = to_point(ChunkOwner("vs_1", "file-1", "a1"), child, [1.0, 0.0, 0.0], BM25.encode_passage("two"))
    index.upsert(space, [stored])
    assert index.fetch_chunks(space, [stored.id])[stored.id].chunk == child


def test_storing_a_point_again_replaces_it(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    for text in ("old", "new"):
        index.upsert(space, [point(text, [1.0, 0.0, 0.0])])
    assert index.count(space, {ATTACHMENT: "a1"}) == 1
    assert by_meaning(index, space) == ["new"]


def test_a_text_without_a_single_word_can_be_stored(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    index.upsert(space, [point("—", [1.0, 0.0, 0.0])])
    assert by_meaning(index, space) == ["—"]


def test_stores_that_share_a_space_do_not_see_each_other(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    index.upsert(space, [point("a valve", [1.0, 0.0, 0.0], "vs_1", "a1"), point("a pump", [1.0, 0.0, 0.0], "vs_2", "a2")])
    assert by_meaning(index, space) == ["a valve"]
    assert by_keyword(index, space, "valve pump", "vs_2") == ["a pump"]
    assert index.count(space, {TENANT: "vs_2"}) == 1


ODD = 'odd. "key" [0]\\%22'
FILED: dict[str, dict[str, Any]] = {
    "one": {"kind": "manual", "year": 2024.0, "draft": False, "size": -0.0, ODD: "ü"},
    "two": {"kind": "manual", "year": 2025, "draft": True, "a.b": 3, ODD: 7.5},
    "three": {"kind": "letter", "year": "2024", "size": 10.5, "a.b": 4, 'odd. "key" [0]\\"': 9},
    "bare": {},
}
EVERY = set(FILED)
FILTERED: list[tuple[Filter, set[str]]] = [
    (compare("eq", "kind", "manual"), {"one", "two"}),
    (compare("eq", "year", 2024), {"one"}),
    (compare("eq", "year", "2024"), {"three"}),
    (compare("eq", "draft", True), {"two"}),
    (compare("eq", "draft", 1), set()),
    (compare("eq", "size", 0), {"one"}),
    (compare("eq", ODD, "ü"), {"one"}),
    (compare("eq", "missing", "manual"), set()),
    (compare("ne", "kind", "manual"), {"three", "bare"}),
    (compare("ne", "year", 2024), {"two", "three", "bare"}),
    (compare("ne", "missing", True), EVERY),
    (compare("in", "kind", ["letter", "manual", "poem"]), {"one", "two", "three"}),
    (compare("in", "year", [2025, "2024"]), {"two", "three"}),
    (compare("in", "draft", [True, 0]), {"two"}),
    (compare("nin", "year", [2025, "2024"]), {"one", "bare"}),
    (compare("gt", "year", 2024), {"two"}),
    (compare("gte", "year", 2024), {"one", "two"}),
    (compare("lt", "year", 2025), {"one"}),
    (compare("lte", "year", 2024.5), {"one"}),
    (compare("lte", "size", 10.5), {"one", "three"}),
    (compare("lt", "size", 0), set()),
    (compare("gte", "draft", 0), set()),
    (compare("gt", "kind", 0), set()),
    (compare("gt", "a.b", 3), {"three"}),
    (compare("gt", ODD, 7), {"two"}),
    (both(compare("eq", "kind", "manual"), compare("gte", "year", 2025)), {"two"}),
    (both(compare("eq", "kind", "manual"), compare("eq", "kind", "letter")), set()),
    (either(compare("eq", "kind", "letter"), compare("lt", "year", 2025)), {"one", "three"}),
    (either(both(compare("ne", "kind", "manual"), compare("nin", "year", ["2024"])), compare("eq", "draft", True)), {"two", "bare"}),
    (both(either(compare("eq", "draft", True), compare("gt", "size", 1)), either(compare("ne", "kind", "letter"))), {"two"}),
]


def test_filters_compare_attributes_by_type_and_value(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    index.upsert(space, [point(name, [1.0, 0.0, 0.0], position=i, **attributes) for i, (name, attributes) in enumerate(FILED.items())])
    found = [set(by_meaning(index, space, filter)) for filter, _ in FILTERED]
    assert list(zip((filter for filter, _ in FILTERED), found, strict=True)) == FILTERED


def test_points_of_earlier_versions_are_filtered_too(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    old = point("old", [1.0, 0.0, 0.0])
    old.fields.update({"facets": ['["year", 2024.0]', '["kind", "ü"]'], "attributes": {"year": 2024.0, "kind": "ü"}})
    index.upsert(space, [old])
    for filter in (compare("gt", "year", 2023), compare("eq", "kind", "ü"), compare("ne", "year", 2023)):
        assert by_meaning(index, space, filter) == ["old"]


def test_changed_attributes_are_used_by_filters_immediately(index: Index, space: str) -> None:
    index.set_attributes(space, {ATTACHMENT: "a1"}, {"year": 1})
    index.ensure_space(space, 3)
    index.upsert(space, [point(f"mine {i}", [1.0, 0.0, 0.0], position=i, year=1, kind="letter") for i in range(3)])
    index.upsert(space, [point("other", [1.0, 0.0, 0.0], attachment="a2", year=1)])
    index.optimize()
    index.set_attributes(space, {ATTACHMENT: "a1"}, {"year": 2, "draft": True})
    assert by_meaning(index, space, compare("eq", "year", 1)) == ["other"]
    assert set(by_meaning(index, space, compare("gt", "year", 1))) == {"mine 0", "mine 1", "mine 2"}
    assert by_meaning(index, space, compare("eq", "kind", "letter")) == []
    index.set_attributes(space, {ATTACHMENT: "a1"}, None)
    assert by_meaning(index, space, either(compare("gt", "year", 0), compare("eq", "draft", True))) == ["other"]
    assert index.fetch_chunks(space, [point("", [], position=2).id])[point("", [], position=2).id].chunk.text == "mine 2"


def test_searching_one_attachment_does_not_change_its_scores(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    index.upsert(space, [point("a valve", [1.0, 0.0, 0.0], attachment="a1"), point("a pump and a valve", [1.0, 1.0, 0.0], attachment="a2")])
    query = Query([1.0, 0.0, 0.0], BM25.encode_query("valve"))
    everything = [{hit.id: hit.score for hit in hits} for hits in index.search(space, "vs_1", query, None, 10)]
    for hits, scores in zip(index.search(space, "vs_1", query, None, 10, attachment_id="a2"), everything, strict=True):
        assert [(hit.id, hit.score) for hit in hits] == [(point("", [], attachment="a2").id, scores[hits[0].id])]


@pytest.mark.parametrize("open_index", ["fake", "edge"], indirect=True)  # the test server is older than 1.19
def test_how_rare_a_word_is_depends_on_the_searched_stores_alone(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    texts = ["a valve", "a pump and a valve", "a pump"]
    index.upsert(space, [point(text, [1.0, 0.0, 0.0], position=i, year=i) for i, text in enumerate(texts)])
    query = Query(keywords=BM25.encode_query("valve"))

    def scores(*corpus: str, **options: Any) -> list[float]:
        return [hit.score for hit in index.search(space, "vs_1", query, options.pop("filter", None), 10, corpus=corpus, **options)[1]]

    alone = scores()
    assert alone == pytest.approx([math.log(1 + 1.5 / 2.5) * weight for weight in keyword_weights("valve", texts[:2])])
    index.upsert(space, [point("a pump", [1.0, 0.0, 0.0], "vs_2", "a2", i) for i in range(40)])
    assert scores() == scores("vs_1") == alone
    assert scores(filter=compare("lt", "year", 1)) == alone[:1]
    assert scores(attachment_id="a1") == alone
    assert scores("vs_1", "vs_2")[0] > 3 * alone[0]
    index.delete(space, {TENANT: "vs_2"})
    assert scores() == scores() == alone
    index.upsert(space, [point("a pump", [1.0, 0.0, 0.0], position=9)])
    assert scores()[0] > alone[0]
    index.delete(space, {ATTACHMENT: "a1"})
    assert scores() == []


def keyword_weights(word: str, texts: list[str]) -> list[float]:
    """Return the weight of a word in each text, greatest first."""
    (term,) = BM25.encode_query(word).indices
    vectors = [BM25.encode_passage(text) for text in texts]
    return sorted((vector.values[vector.indices.index(term)] for vector in vectors), reverse=True)


def test_vectors_are_fetched_by_id(index: Index, space: str) -> None:
    assert index.fetch_vectors(space, [point("", []).id]) == {}
    index.ensure_space(space, 3)
    index.upsert(space, [point("text", [3.0, 4.0, 0.0])])
    assert index.fetch_vectors(space, []) == {}
    there, missing = point("", []).id, point("", [], position=1).id
    assert index.fetch_vectors(space, [there, missing]) == {there: pytest.approx([0.6, 0.8, 0.0])}


def test_scores_are_exact_however_many_points_there_are(index: Index, space: str) -> None:
    index.ensure_space(space, 16)
    vectors = np.random.default_rng(0).normal(size=(1500, 16))
    index.upsert(space, [point("text", vector.tolist(), position=i) for i, vector in enumerate(vectors)])
    index.optimize()
    cosines = vectors @ vectors[7] / np.linalg.norm(vectors, axis=1) / np.linalg.norm(vectors[7])
    for limit in (20, 100):
        nearest, _ = index.search(space, "vs_1", Query(vectors[7].tolist()), None, limit)
        assert [hit.score for hit in nearest] == pytest.approx(sorted(cosines, reverse=True)[:limit], abs=1e-5)


def test_scrolled_points_can_be_stored_again(index: Index, space: str) -> None:
    assert list(index.scroll(space, {})) == []
    index.ensure_space(space, 3)
    mine = [point(f"text {i}", [0.6, 0.8, 0.0], position=i, year=i) for i in range(7)]
    index.upsert(space, [*mine, point("—", [1.0, 0.0, 0.0], position=7), point("other", [1.0, 0.0, 0.0], attachment="a2")])
    batches = list(index.scroll(space, {ATTACHMENT: "a1"}, 3))
    assert [len(batch) for batch in batches] == [3, 3, 2]
    read = {each.id: each for batch in batches for each in batch}
    assert {each.id: each.fields for each in mine}.items() <= {id: each.fields for id, each in read.items()}.items()
    for each in mine:
        assert read[each.id].vector == pytest.approx(each.vector)
        terms = dict(zip(each.keywords.indices, each.keywords.values, strict=True))
        assert dict(zip(read[each.id].keywords.indices, read[each.id].keywords.values, strict=True)) == pytest.approx(terms)
    index.delete(space, {ATTACHMENT: "a1"})
    index.upsert(space, list(read.values()))
    assert by_keyword(index, space, "text")[:1] != []
    assert index.count(space, {ATTACHMENT: "a1"}) == 8


def test_deleted_points_are_not_found(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    gone = [point(f"gone {i}", [1.0, 0.0, 0.0], attachment="a1", position=i) for i in range(50)]
    index.upsert(space, [*gone, point("stays", [1.0, 0.0, 0.0], attachment="a2")])
    index.delete(space, {ATTACHMENT: "a1"})
    assert by_meaning(index, space) == ["stays"]
    assert by_keyword(index, space, "gone") == []
    assert index.fetch_chunks(space, [each.id for each in gone]) == {}
    assert index.count(space, {}) == 1


def test_writes_and_deletions_are_durable(open_index: Opener, space: str) -> None:
    index = open_index()
    index.ensure_space(space, 3)
    index.upsert(space, [point("stays", [1.0, 0.0, 0.0], attachment="a1"), point("goes", [1.0, 0.0, 0.0], attachment="a2")])
    index.optimize()
    index.delete(space, {ATTACHMENT: "a2"})
    index.close()
    again = open_index()
    again.ensure_space(space, 3)
    assert by_meaning(again, space) == ["stays"]
    again.close()


def test_optimizing_does_not_change_results(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    index.upsert(space, [point(f"text {i}", [1.0, i / 100, 0.0], position=i) for i in range(100)])
    before = by_meaning(index, space)
    index.optimize()
    assert by_meaning(index, space) == before == [f"text {i}" for i in range(10)]


def test_vectors_of_another_dimension_are_rejected(index: Index, space: str) -> None:
    index.ensure_space(space, 3)
    index.ensure_space(space, 3)
    with pytest.raises(Conflict, match="dimension 3, but those of the embedder have 4"):
        index.ensure_space(space, 4)


def test_an_open_index_passes_its_check(index: Index) -> None:
    index.check()


def test_a_second_process_cannot_open_the_folder(tmp_path: Path) -> None:
    first = EdgeIndex(tmp_path)
    second = f"from services.retrieval.index.edge import EdgeIndex; from pathlib import Path; EdgeIndex(Path({str(tmp_path)!r}))"
    done = subprocess.run([sys.executable, "-c", second], capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=60)
    assert "RETRIEVAL_INDEX" in done.stderr
    first.close()
    EdgeIndex(tmp_path).close()


def test_a_space_that_was_not_completely_created_is_created_again(tmp_path: Path) -> None:
    (tmp_path / "space.creating" / "segments").mkdir(parents=True)
    index = EdgeIndex(tmp_path)
    index.ensure_space("space", 3)
    index.upsert("space", [point("text", [1.0, 0.0, 0.0])])
    assert by_meaning(index, "space") == ["text"]
    index.close()


def test_edge_optimizes_in_small_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "STEP_POINTS", 20)
    index = EdgeIndex(tmp_path)
    index.ensure_space("space", 3)
    for first in range(0, 50, 10):
        index.upsert("space", [point(f"text {i}", [1.0, i / 100, 0.0], position=i) for i in range(first, first + 10)])
    assert index._unoptimized == {"space": 10}
    assert by_meaning(index, "space") == [f"text {i}" for i in range(10)]
    index.close()


class Recorded:
    """A shard that notes in `calls` which of its methods were called."""

    def __init__(self, shard: Any) -> None:
        self.calls: list[str] = []
        self._shard = shard

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self._shard, name)


def test_edge_flushes_half_a_step_after_it_has_optimized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "STEP_POINTS", 20)
    index = EdgeIndex(tmp_path)
    index.ensure_space("space", 3)
    index._shards["space"] = shard = Recorded(index._find("space"))
    for first in range(0, 50, 5):
        index.upsert("space", [point(f"text {i}", [1.0, i / 100, 0.0], position=i) for i in range(first, first + 5)])
    assert " ".join(shard.calls) == " ".join(["update update flush update update optimize"] * 2 + ["update update flush"])
    index.close()


def test_an_index_of_an_earlier_version_gets_the_present_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(edge, "SEGMENTS", 3)
        index = EdgeIndex(tmp_path)
        index.ensure_space("space", 3)
        index.upsert("space", [point("text", [1.0, 0.0, 0.0])])
        index.close()
    index = EdgeIndex(tmp_path)
    assert by_meaning(index, "space") == ["text"]
    index.close()
    stored = json.loads((tmp_path / "space" / "edge_config.json").read_text())
    assert stored["optimizers"]["default_segment_number"] == edge.SEGMENTS
    assert stored["sparse_vectors"]["keywords"]["full_scan_threshold"] == 1


@pytest.mark.parametrize(("cores", "threads"), [(None, 1), (2, 2), (64, 8)])
def test_edge_searches_with_a_thread_for_each_core_and_at_most_eight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int | None, threads: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    index = EdgeIndex(tmp_path)
    index.ensure_space("space", 3)
    index.close()
    assert json.loads((tmp_path / "space" / "edge_config.json").read_text())["max_search_threads"] == threads


@pytest.mark.parametrize("over_grpc", [False, True])
def test_a_wrong_key_is_reported(qdrant_server: QdrantServer, over_grpc: bool) -> None:
    index = ServerIndex(qdrant_server.url, "wrong", grpc_port=qdrant_server.grpc_port if over_grpc else None)
    with pytest.raises(Unavailable, match="RETRIEVAL_QDRANT_API_KEY"):
        index.check()
    index.close()


@pytest.mark.parametrize("over_grpc", [False, True])
def test_an_unreachable_server_is_reported(over_grpc: bool) -> None:
    index = ServerIndex(f"http://127.0.0.1:{free_port()}", "key", grpc_port=free_port() if over_grpc else None)
    with pytest.raises(Unavailable, match="RETRIEVAL_QDRANT_URL"):
        index.search("space", "vs_1", Query([1.0, 0.0, 0.0]), None, 10)
    with pytest.raises(Unavailable, match="RETRIEVAL_QDRANT_URL"):
        index.upsert("space", [point("text", [1.0, 0.0, 0.0])])
    index.close()
