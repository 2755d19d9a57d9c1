import pytest
from starlette.exceptions import HTTPException

from services.retrieval.routes.file_content import read_ranges


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("bytes=2-4", [(2, 5)]),
        ("bytes=0-", [(0, 10)]),
        ("bytes=9-", [(9, 10)]),
        ("bytes=4-4", [(4, 5)]),
        ("bytes=8-99", [(8, 10)]),
        ("bytes=-3", [(7, 10)]),
        ("bytes=-99", [(0, 10)]),
        ("bytes=0-" + "9" * 500, [(0, 10)]),
        ("BYTES=0 - 1", [(0, 2)]),
        ("bytes=0-0,,\t 2-2 ,", [(0, 1), (2, 3)]),
    ],
)
def test_a_range_ends_with_the_file(header: str, ranges: list[tuple[int, int]]) -> None:
    assert read_ranges(header, 10) == ranges


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("bytes=0-3,20-30", [(0, 4)]),
        ("bytes=20-30,0-3", [(0, 4)]),
        ("bytes=-0,10-,7-", [(7, 10)]),
        ("bytes=0-1,20-30,4-5,10-10", [(0, 2), (4, 6)]),
    ],
)
def test_ranges_beyond_the_end_are_left_out(header: str, ranges: list[tuple[int, int]]) -> None:
    assert read_ranges(header, 10) == ranges


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("bytes=8-9,0-1,4-5", [(8, 10), (0, 2), (4, 6)]),
        ("bytes=0-1,8-8,1-5", [(0, 6), (8, 9)]),
        ("bytes=0-4,2-6", [(0, 7)]),
        ("bytes=2-6,0-4,8-8", [(0, 7), (8, 9)]),
        ("bytes=8-8,2-6,0-4", [(8, 9), (0, 7)]),
        ("bytes=5-6,9-9,0-1,1-5", [(0, 7), (9, 10)]),
        ("bytes=0-3,4-6", [(0, 7)]),
        ("bytes=0-9,3-4,1-8,-2", [(0, 10)]),
        ("bytes=0-,0-,0-", [(0, 10)]),
    ],
)
def test_ranges_are_sent_in_the_order_of_the_request_and_no_byte_twice(header: str, ranges: list[tuple[int, int]]) -> None:
    assert read_ranges(header, 10) == ranges


def test_a_hundred_ranges_are_sent_and_more_are_ignored() -> None:
    specs = [f"{2 * place}-{2 * place}" for place in range(101)]
    assert len(read_ranges(f"bytes={','.join(specs[:100])}", 1000)) == 100
    assert read_ranges(f"bytes={','.join(specs)}", 1000) == []


@pytest.mark.parametrize("header", ["lines=1-2", "seconds=x", "x-y=0-1"])
def test_a_unit_other_than_bytes_is_ignored(header: str) -> None:
    assert read_ranges(header, 10) == []


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=10-", 10), ("bytes=10-12,20-", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-5", 0)]
)
def test_if_all_ranges_are_beyond_the_end_it_is_416_with_the_size(header: str, size: int) -> None:
    with pytest.raises(HTTPException) as caught:
        read_ranges(header, size)
    assert (caught.value.status_code, caught.value.headers) == (416, {"Content-Range": f"bytes */{size}"})


@pytest.mark.parametrize(
    "value",
    [
        "bytes=4-2", "bytes=0-1,4-2", "bytes=0-1,x", "bytes=", "bytes=,", "bytes=-", "bytes=--1", "bytes=1", "bytes=1-2-3", "bytes=0x1-",
        "bytes=٣-", "bytes=1.0-2", "bytes=+1-2", "bytes=0-1;2-3", "2-4", "bytes", "", "bytes=" + "9" * 5000 + "-",
    ],
)  # fmt: skip
def test_a_malformed_range_is_400(value: str) -> None:
    with pytest.raises(HTTPException, match="400: The header 'Range' must have the form 'bytes=<first>-<last>'"):
        read_ranges(value, 10)
