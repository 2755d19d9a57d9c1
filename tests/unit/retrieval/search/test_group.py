from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.search.searches import index_chunks, search, texts


def test_hits_are_grouped_by_file(harness: RetrievalHarness) -> None:
    first = index_chunks(harness, ["orange valve", "orange valve again", *(f"valve {i}" for i in range(9))])
    second = index_chunks(harness, ["green valve"])
    found = search(harness, "orange valve", group_by_file=True).hits
    assert [hit.file.file_id for hit in found] == [first, second]
    assert {texts(found)[0], found[0].others[0].text} == {"orange valve", "orange valve again"}
    assert len(found[0].others) == 4
    assert len(search(harness, "orange valve", group_by_file=True, max_num_results=1).hits) == 1
