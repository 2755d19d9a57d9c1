"""The process that runs embedding models, as the service sees it: started by the first call, and again after it has ended.

Any number of threads may call it at the same time; responses come in the order in which calls are finished. Knows no model.
"""

from concurrent.futures import Future
from typing import Any

from services.retrieval.embedding.model_messages import Action, ModelCall
from shared.workers.child_process import ChildProcess

SERVER_MODULE = "services.retrieval.embedding.model_server"


class ModelClient:
    """Starts the process and calls it."""

    def __init__(self) -> None:
        self._process = ChildProcess(SERVER_MODULE, "that runs the embedding models")

    @property
    def pid(self) -> int | None:
        """The id of the process; None if it does not run."""
        return self._process.pid

    @property
    def pending(self) -> list[ModelCall]:
        """The calls that are in progress."""
        return self._process.pending

    def call(self, model: str, action: Action) -> Any:
        """Send an action to the model of that name, and wait for the result.

        Raises:
            ModelNotLoaded: if the model is not loaded.
            ChildExited: if the process ended before it responded.
            Unavailable: if the client was closed.
            TooManyRequests: if too many urgent texts are waiting.
            CallFailed: if the model cannot be loaded, or fails on these texts.
        """
        return self.start(model, action).result()

    def start(self, model: str, action: Action) -> Future[Any]:
        """Send an action; return its result, which raises what `call` raises.

        Raises:
            Unavailable: if the client was closed.
        """
        return self._process.start(ModelCall(model, action))

    def close(self) -> None:
        """End the process. Calls that still wait raise ChildExited."""
        self._process.close()
