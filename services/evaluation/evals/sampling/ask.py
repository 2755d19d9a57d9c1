"""Asks the model of a run about one row, through Tandem's API. Calls that fail for the moment are repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from services.evaluation.arms.answer import Failure
from services.evaluation.asking.failures import describe_failure as classify
from services.evaluation.asking.failures import is_fatal
from services.evaluation.asking.retries import Clock, call_with_retries
from services.evaluation.evals.sampling.describe_sample import describe_failure, describe_sample, list_retrieved
from services.evaluation.evals.sampling.message_content import Message
from services.evaluation.evals.sampling.shapes import Shape, read_shape
from services.evaluation.evals.sampling.write_messages import write_messages
from services.evaluation.evals.sampling.write_request import Call, write_request
from shared.contracts.evals.data_sources import CompletionsRun, InputMessages, ResponsesRun
from shared.contracts.evals.output_items import ItemSample
from shared.contracts.evals.runs import RunError, RunSpec
from shared.errors import TandemError, Unavailable
from shared.graders.outcome import GradingFailed
from shared.validation.storable import make_storable


class Api(Protocol):
    """The served models."""

    async def call(self, method: str, path: str, *, body: Any = None) -> Any:
        """Send a request with JSON, and return the JSON of the response."""
        ...


@dataclass(frozen=True)
class Asked:
    """An answer, as the output item shows it and as graders read it, or why there is none."""

    sample: ItemSample
    shape: Shape | None
    failure: Failure | None = None


class Asker:
    """Asks the model of a run."""

    def __init__(
        self, run: CompletionsRun | ResponsesRun, source: InputMessages, api: Api, patience_seconds: float, clock: Clock | None = None
    ) -> None:
        self._run = run
        self._source = source
        self._api = api
        self._patience_seconds = patience_seconds
        self._clock = clock or Clock()

    async def ask(self, item: dict[str, Any]) -> Asked:
        """Return the answer to a row, or its failure.

        Raises:
            TandemError: if the error would hit every row.
        """
        messages: list[Message] = []
        try:
            messages = write_messages(self._source, item)
            call = write_request(self._run, messages)
            body = await call_with_retries(partial(self._call, call), self._patience_seconds, self._clock)
        except GradingFailed as error:
            return self._fail(messages, Failure("own", error.kind, error.message))
        except TandemError as error:
            if is_fatal(error):
                raise
            return self._fail(messages, classify(error))
        return self._read(messages, call, body)

    async def _call(self, call: Call) -> dict[str, Any]:
        """Return the answer, which has the shape that the API documents.

        Raises:
            Unavailable: also if the answer has another shape, or the model failed while it wrote.
        """
        body = make_storable(await self._api.call("POST", call.path, body=call.body))
        field = "output" if isinstance(self._run, ResponsesRun) else "choices"
        if not isinstance(body, dict) or not isinstance(body.get(field), list) or not (body[field] or field == "output"):
            raise Unavailable(f"{call.path} returned something that is not an answer.")
        if body.get("status") == "failed":
            raise Unavailable(f"The model failed: {(body.get('error') or {}).get('message', 'no reason was given')}")
        return body

    def _read(self, messages: Sequence[Message], call: Call, body: dict[str, Any]) -> Asked:
        shape = {**read_shape(body), "input": list(messages), "retrieved": list_retrieved(body)}
        return Asked(describe_sample(shape, call.body), shape)

    def _fail(self, messages: Sequence[Message], failure: Failure) -> Asked:
        params = self._run.sampling_params
        sampling: Mapping[str, Any] = {
            **(params.model_dump(exclude_none=True) if params else {}),
            "max_completion_tokens": params.max_tokens if params else None,
            "model": self._run.model,
        }
        return Asked(describe_failure(messages, sampling, RunError(code=failure.code, message=failure.message)), None, failure)


def make_asker(spec: RunSpec, api: Api, patience_seconds: float) -> Asker | None:
    """Return what asks the run's model; None if the run grades answers that are there already."""
    run = spec.data_source
    if isinstance(run, CompletionsRun | ResponsesRun) and run.model is not None and run.input_messages is not None:
        return Asker(run, run.input_messages, api, patience_seconds)
    return None
