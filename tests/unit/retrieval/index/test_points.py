from services.retrieval.chunk import Chunk, Parent
from services.retrieval.index.points import ChunkOwner, SparseVector, to_point, to_stored_chunk

CHUNK = Chunk(1, "two", 4, 7, 2, ["Heading"], "Title", Parent("one two", 0, 7))


def test_a_chunk_is_read_back_from_its_point() -> None:
    stored = to_stored_chunk(to_point(ChunkOwner("vs_1", "file-1", "vsf_1"), CHUNK, [1.0], SparseVector([], [])).fields)
    assert (stored.attachment_id, stored.chunk) == ("vsf_1", CHUNK)


def test_the_id_of_a_point_follows_from_its_owner_and_position() -> None:
    ids = [
        to_point(ChunkOwner(tenant, "file-1", attachment), CHUNK, vector, SparseVector([], [])).id
        for tenant, attachment, vector in (("vs_1", "a", [1.0]), ("vs_1", "a", [2.0]), ("vs_1.1", "a", [1.0]), ("vs_1", "b", [1.0]))
    ]
    assert ids[0] == ids[1] and len(set(ids)) == 3
