"""Builds the arms of a comparison, each of them a model with or without documents and examples."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from services.evaluation.arms.examples import choose_examples
from services.evaluation.arms.instructions import resolve_instructions
from shared.contracts.chat import RetrievalOptions
from shared.contracts.comparisons import STANDARD_ARMS, ArmRetrieval, ComparisonRetrieval, ComparisonSpec, Sampling, StandardArm
from shared.contracts.comparisons import Arm as OwnArm
from shared.datasets import Example
from shared.errors import InvalidRequest

FINE_TUNED: tuple[StandardArm, ...] = ("fine_tuned", "both")
WITH_DOCUMENTS: tuple[StandardArm, ...] = ("rag", "both")
PROMPTED_EXAMPLES = 5
ADAPTER_PREFIX = "ft:"


@dataclass(frozen=True)
class Arm:
    """A model, and how it is asked.

    `retrieval` is None if it answers without documents. `instructions` is the system message, empty for none. `examples` are chats
    without a system message, which are shown before the question.
    """

    name: str
    model: str
    retrieval: RetrievalOptions | None
    instructions: str = ""
    examples: tuple[Example, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)

    @property
    def is_fine_tuned(self) -> bool:
        """Whether the model is a fine-tuned one."""
        return self.model.startswith(ADAPTER_PREFIX)


def build_arms(spec: ComparisonSpec, examples: Sequence[Example]) -> list[Arm]:
    """Return the arms: the standard ones in their usual order, then those of the request's own. `examples` is the training file.

    All have the same instructions, unless an arm of the request's own has others.

    Raises:
        InvalidRequest: if an arm lacks a model, documents or examples, or two arms have the same name.
    """
    requested = _list_default_arms(spec, examples) if spec.arms is None else spec.arms
    instructions = resolve_instructions(spec, examples)
    arms = [_build_standard_arm(name, spec, instructions, examples) for name in STANDARD_ARMS if name in requested]
    arms += [_build_own_arm(arm, spec, instructions, examples) for arm in requested if isinstance(arm, OwnArm)]
    if repeated := [name for name, count in Counter(arm.name for arm in arms).items() if count > 1]:
        raise InvalidRequest(f"Two of 'arms' have the name '{repeated[0]}'. Give each arm its own name.", param="arms")
    return arms


def replace_model(arms: Sequence[Arm], model: str, other: str) -> list[Arm]:
    """Return the arms that use `model`, with `other` in its place, such as an adapter that was trained from another seed."""
    return [replace(arm, model=other) for arm in arms if arm.model == model]


def _list_default_arms(spec: ComparisonSpec, examples: Sequence[Example]) -> list[StandardArm]:
    """Return the standard arms that the inputs allow."""
    lacking: set[str] = set() if spec.vector_store_ids else set(WITH_DOCUMENTS)
    lacking |= set() if spec.model and spec.model != spec.base_model else set(FINE_TUNED)
    lacking |= set() if examples else {"prompted"}
    return [name for name in STANDARD_ARMS if name not in lacking]


def _build_standard_arm(name: str, spec: ComparisonSpec, instructions: str, examples: Sequence[Example]) -> Arm:
    model = spec.model if name in FINE_TUNED else spec.base_model
    if model is None:
        raise InvalidRequest(f"The arm '{name}' needs a fine-tuned model in 'model'.", param="model")
    retrieval = _build_retrieval(name, spec.retrieval, [], spec) if name in WITH_DOCUMENTS else None
    shown = _choose_examples(name, examples, PROMPTED_EXAMPLES if name == "prompted" else 0, spec.seed)
    return Arm(name, model, retrieval, instructions, shown)


def _build_own_arm(arm: OwnArm, spec: ComparisonSpec, instructions: str, examples: Sequence[Example]) -> Arm:
    return Arm(
        name=arm.name,
        model=arm.model or spec.base_model,
        retrieval=_build_retrieval(arm.name, arm.retrieval, arm.retrieval.vector_store_ids, spec) if arm.retrieval else None,
        instructions=instructions if arm.instructions is None else arm.instructions,
        examples=_choose_examples(arm.name, examples, arm.examples, spec.seed),
        sampling=arm.sampling,
    )


def _build_retrieval(name: str, retrieval: ComparisonRetrieval, store_ids: list[str], spec: ComparisonSpec) -> RetrievalOptions:
    """Return the `retrieval` of an arm's requests. Its sentences are compared with the passages by words, which needs no embedder."""
    stores = store_ids or spec.vector_store_ids
    if not stores:
        raise InvalidRequest(f"The arm '{name}' needs documents. List vector stores in 'vector_store_ids'.", param="vector_store_ids")
    template = retrieval.prompt_template if isinstance(retrieval, ArmRetrieval) else None
    return RetrievalOptions(
        **retrieval.model_dump(include=set(ComparisonRetrieval.model_fields)),
        vector_store_ids=stores,
        prompt_template=template,
        attribution="words",
    )


def _choose_examples(name: str, examples: Sequence[Example], number: int, seed: int) -> tuple[Example, ...]:
    chosen = choose_examples(examples, number, seed)
    if number and not chosen:
        problem = "needs examples in which 'user' and 'assistant' take turns, but the training file has none"
        raise InvalidRequest(f"The arm '{name}' {problem}. Set 'training_file' to a file with such examples.", param="training_file")
    return chosen
