from tempfile import TemporaryFile

import pytest

from services.retrieval.parse import Document, Heading, InvalidFile
from services.retrieval.parse.sandbox import transfer


def test_a_document_is_read_as_it_was_written() -> None:
    document = Document("Größe 😀\n\nText", "Title", (0, 9), (Heading(0, 1, "Größe"),), "A note.")
    with TemporaryFile() as file:
        sizes = transfer.write(document, file, 1000)
        assert transfer.read(file, sizes) == document


def test_a_text_that_is_too_long_is_rejected_with_the_setting() -> None:
    with TemporaryFile() as file, pytest.raises(InvalidFile, match=r"more than 10 bytes of text, the limit of this server"):
        transfer.write(Document("x" * 11), file, 10)


@pytest.mark.parametrize("sizes", [transfer.Sizes(4, 4), transfer.Sizes(3, 1000), transfer.Sizes(1, 20)])
def test_a_file_that_does_not_contain_a_document_is_rejected(sizes: transfer.Sizes) -> None:
    with TemporaryFile() as file:
        transfer.write(Document("text"), file, 1000)
        with pytest.raises((ValueError, TypeError)):
            transfer.read(file, sizes)
