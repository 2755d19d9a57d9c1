"""Sends the bytes of a file, or those ranges of them that the header `Range` asks for (RFC 9110, 14)."""

import re
from collections.abc import Sequence
from typing import TypeAlias

from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

UNIT = "bytes"
OTHER_UNIT = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token (RFC 9110, 5.6.2)
SPEC = re.compile(r"(?P<first>[0-9]{1,1000})[ \t]*-[ \t]*(?P<last>[0-9]{0,1000})|-[ \t]*(?P<suffix>[0-9]{1,1000})")
MAX_RANGES = 100

Range: TypeAlias = tuple[int, int]
"""The first byte, and the one after the last."""


class FileContent(FileResponse):
    """The bytes of a file. Starlette refuses a set of ranges if one of them is beyond the end, answers with plain text, and sorts them."""

    @classmethod
    def _parse_range_header(cls, http_range: str, file_size: int) -> list[Range]:
        return read_ranges(http_range, file_size)


def read_ranges(header: str, size: int) -> list[Range]:
    """Return which parts of a file of `size` bytes the header `Range` asks for, in its order; none stands for the whole file.

    Ranges beyond the end are left out. Those that overlap or touch are joined, so that no byte is sent twice. More than 100 ranges are
    ignored, because each part has headers of its own: the file is sent whole. So are units other than bytes (RFC 9110, 14.2).

    Raises:
        HTTPException: 400 if a range is malformed, 416 if all are beyond the end.
    """
    unit, _, value = header.partition("=")
    specs = [spec for part in value.split(",") if (spec := part.strip(" \t"))]
    if len(specs) > MAX_RANGES or (OTHER_UNIT.fullmatch(unit) and unit.lower() != UNIT and specs):
        return []
    if unit.lower() != UNIT or not specs:
        raise _malformed(header)
    ranges = [found for spec in specs if (found := _find(spec, header, size))]
    if not ranges:
        detail = f"The header 'Range' asks for '{header}', but the file has {size} bytes"
        raise HTTPException(416, detail, {"Content-Range": f"{UNIT} */{size}"})
    return _join(ranges)


def _find(spec: str, header: str, size: int) -> Range | None:
    """Return the range that a part of the header asks for, None if it is beyond the end. Raises HTTPException if the part is malformed."""
    match = SPEC.fullmatch(spec)
    if match is None or (match["last"] and int(match["last"]) < int(match["first"])):
        raise _malformed(header)
    if match["suffix"]:
        first, end = max(size - int(match["suffix"]), 0), size
    else:
        first, end = int(match["first"]), min(int(match["last"]) + 1, size) if match["last"] else size
    return (first, end) if first < end else None


def _join(ranges: Sequence[Range]) -> list[Range]:
    """Return the ranges without overlaps, each at the place of the first of those that it is made of."""
    joined: list[tuple[int, int, int]] = []
    for (first, end), place in sorted((each, place) for place, each in enumerate(ranges)):
        if joined and first <= joined[-1][2]:
            before, start, last = joined.pop()
            place, first, end = min(place, before), start, max(end, last)
        joined.append((place, first, end))
    return [(first, end) for _, first, end in sorted(joined)]


def _malformed(header: str) -> HTTPException:
    return HTTPException(400, f"The header 'Range' must have the form '{UNIT}=<first>-<last>'; got '{header}'")
