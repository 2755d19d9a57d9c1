"""A real Qdrant server for tests; they are skipped if its binary cannot be fetched."""

from pathlib import Path

import pytest

from deploy.local import qdrant
from tests.ports import free_port

KEY = qdrant.KEY


class QdrantServer(qdrant.QdrantServer):
    """A Qdrant server over a folder, on its own ports."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, free_port(), free_port())

    def start(self) -> None:
        """Start the server; skip the test if its binary cannot be fetched."""
        try:
            qdrant.find_binary()
        except qdrant.QdrantNotAvailable as error:
            pytest.skip(str(error))
        super().start()
