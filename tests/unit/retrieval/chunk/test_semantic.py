from tests.unit.retrieval.chunk.chunking import cut


def test_a_text_is_cut_where_its_subject_changes() -> None:
    bread = "Bread dough wants flour and water. " * 5
    ships = "The harbour ships sail at noon. " * 5
    chunks = cut(bread + ships, "semantic", max_chunk_size_tokens=200, chunk_overlap_tokens=0, breakpoint_percentile=90)
    assert [each.text for each in chunks] == [bread.strip(), ships.strip()]
