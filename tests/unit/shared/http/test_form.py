import time
from collections.abc import Iterator

import pytest

from shared.errors import InvalidRequest
from shared.http.form import FormReader

TYPE = "multipart/form-data; boundary=bound"


class Recorder:
    """A target that keeps what it gets."""

    def __init__(self) -> None:
        self.name: bytes | None = None
        self.data = b""
        self.finished = False

    def start(self, sent_name: bytes | None) -> None:
        self.name = sent_name

    def write(self, data: memoryview) -> None:
        self.data += data

    def finish(self) -> None:
        self.finished = True


def pieces(body: bytes, step: int) -> Iterator[bytes]:
    for start in range(0, len(body), step):
        yield body[start : start + step]


def read(body: bytes, step: int = 10**6, content_type: str | None = TYPE) -> dict[str, Recorder]:
    targets = {"file": Recorder(), "purpose": Recorder()}
    reader = FormReader(content_type, targets, ("file", "purpose"))
    for piece in pieces(body, step):
        reader.write(piece)
    return targets


def part(disposition: bytes, data: bytes = b"data", more: bytes = b"") -> bytes:
    return b"--bound\r\nContent-Disposition: form-data; " + disposition + b"\r\n" + more + b"\r\n" + data + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--bound--\r\n"


@pytest.mark.parametrize("step", [1, 2, 3, 5, 8, 13, 1000])
@pytest.mark.parametrize("preamble", [b"", b"\r\n", b"This is a form.\r\n", b"--boun\r\n--other\r\n-\r\n\r\n"])
@pytest.mark.parametrize("epilogue", [b"", b"\r\n", b"The end.\r\n--bound\r\nnot a part"])
def test_a_preamble_and_an_epilogue_are_skipped(step: int, preamble: bytes, epilogue: bytes) -> None:
    data = b"\r\n--boun\r\n--bouncy\r\n\r\n"
    sent = preamble + body(part(b'name="file"; filename="a.txt"', data), part(b'name="purpose"', b"evals")) + epilogue
    got = read(sent, step)
    assert (got["file"].data, got["file"].name, got["purpose"].data) == (data, b"a.txt", b"evals")
    assert got["file"].finished and got["purpose"].finished


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (b'filename="a.txt"', b"a.txt"),
        (b"filename=a.txt", b"a.txt"),
        (b'filename=""', b""),
        (b'FILENAME = "a; b=c.txt" ', b"a; b=c.txt"),
        (rb'filename="say \"hi\".txt"', b'say "hi".txt'),
        (rb'filename="C:\texts\a.txt"', rb"C:\texts\a.txt"),
        ('filename="文 naïve.txt"'.encode(), "文 naïve.txt".encode()),
        (b"filename=\"a.txt\"; filename*=UTF-8''na%C3%AFve.txt", "naïve.txt".encode()),
        (b"filename*=utf-8'de'na%c3%afve.txt; filename=a.txt", "naïve.txt".encode()),
        (b"filename*=iso-8859-1''caf%E9.txt", "café.txt".encode()),
        (b"filename*=\"ISO-8859-1'fr'caf%E9 %A3.txt\"", "café £.txt".encode()),
        (b"filename*=UTF-8''", b""),
        (b"filename*=UTF-8''a%27b%25.txt", b"a'b%.txt"),
        (b"filename*=koi8-r''%C1.txt; filename=a.txt", b"a.txt"),
        (b"filename*=utf-8''caf%E9.txt; filename=cafe.txt", b"cafe.txt"),
        (b"filename*=utf-8''100%.txt; filename=a.txt", b"a.txt"),
        (b"filename*=naive.txt; filename=a.txt", b"a.txt"),
        (b'filename="a\tb\x00.txt"', b"a\tb\x00.txt"),
    ],
)
def test_a_filename_is_read_as_clients_write_it(sent: bytes, name: bytes) -> None:
    assert read(body(part(b'name="file"; ' + sent)))["file"].name == name


@pytest.mark.parametrize(
    ("encoded", "problem"),
    [
        (b"koi8-r''%C1.txt", "its charset 'koi8-r' is not UTF-8 or ISO-8859-1"),
        (b"''a.txt", "its charset '' is not UTF-8"),
        (b"x" * 5000 + b"''a.txt", "its charset '" + "x" * 100 + "…' is not UTF-8"),
        (b"utf-8''100%.txt", "it has a '%' without two hexadecimal digits"),
        (b"iso-8859-1''a%4", "it has a '%' without two hexadecimal digits"),
        (b"utf-8''caf%E9.txt", "it is not UTF-8"),
        (b"naive.txt", "it does not have the form <charset>'<language>'<name>"),
    ],
)
def test_an_encoded_filename_that_cannot_be_read_is_refused_if_there_is_no_plain_one(encoded: bytes, problem: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read(body(part(b'name="file"; filename*=' + encoded)))
    assert caught.value.message.startswith(f"The 'filename*' of the part 'file' cannot be read: {problem}")
    assert caught.value.param == "file"


@pytest.mark.parametrize(
    "sent",
    [
        part(b'filename="a.txt"'),
        part(b'name="file'),
        part(b'name="file"; filename="a'),
        part(b'name="file"; filename="a\r\nb.txt"'),
        b"--bound\r\nContent-Type: text/plain\r\n\r\nx\r\n",
        b"--bound\r\nContent-Disposition: attachment; name=file\r\n\r\nx\r\n",
    ],
)
def test_a_part_without_a_valid_disposition_is_refused(sent: bytes) -> None:
    with pytest.raises(InvalidRequest, match="Content-Disposition"):
        read(body(sent))


@pytest.mark.parametrize("disposition", [b'name="file"; a=' + b" " * 15000 + b"! x", b'name="file"; ' + b"a" * 7000 + b" " * 7000 + b"! x"])
def test_a_long_invalid_disposition_is_refused_quickly(disposition: bytes) -> None:
    started = time.process_time()
    with pytest.raises(InvalidRequest, match="Content-Disposition"):
        read(body(part(disposition)))
    assert time.process_time() - started < 0.5


def test_every_part_may_occur_once() -> None:
    with pytest.raises(InvalidRequest, match="more than one part 'purpose'") as caught:
        read(body(part(b'name="purpose"'), part(b'name="purpose"')))
    assert caught.value.param == "purpose"


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", f"multipart/form-data; boundary={'x' * 71}"],
)
def test_a_body_that_is_not_a_form_is_refused(content_type: str | None) -> None:
    with pytest.raises(InvalidRequest, match="multipart/form-data"):
        read(body(part(b'name="file"')), content_type=content_type)


def test_a_quoted_boundary_is_read() -> None:
    sent = body(part(b'name="purpose"')).replace(b"bound", b"a b:c")
    assert read(sent, content_type='Multipart/Form-Data; charset=utf-8; boundary="a b:c"')["purpose"].data == b"data"


@pytest.mark.parametrize("header", [b"X: " + b"x" * 20_000, b"x" * 20_000, b"\r\n".join(b"X%d: x" % number for number in range(50))])
def test_the_headers_of_a_part_are_limited(header: bytes) -> None:
    with pytest.raises(InvalidRequest, match="not valid multipart/form-data"):
        read(body(part(b'name="file"', more=header + b"\r\n")))
