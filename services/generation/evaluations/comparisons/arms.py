"""Which arms are compared, and what each of them needs. An error names the arm by its place in the request, such as `arms[2].model`."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.generation.contracts.models import Model
from services.generation.evaluations.comparisons.training_file import TrainingFile
from services.generation.evaluations.project import Project
from services.generation.grounding.template import Template
from shared.contracts.comparisons import STANDARD_ARMS, Arm, StandardArm
from shared.errors import InvalidRequest

AnyArm = StandardArm | Arm
WITH_DOCUMENTS = ("rag", "both")
WITH_ADAPTER = ("fine_tuned", "both")
WITH_EXAMPLES = ("prompted",)


@dataclass(frozen=True)
class Ingredients:
    """What the arms of a comparison are made of. `model` is None if it is trained from `documents` first, as are the vector stores."""

    model: Model | None
    vector_store_ids: Sequence[str]
    training_file: TrainingFile
    documents: Sequence[str] = ()


def name_arm(arm: AnyArm) -> str:
    """Return an arm's name."""
    return arm.name if isinstance(arm, Arm) else arm


def choose_arms(requested: Sequence[AnyArm] | None, ingredients: Ingredients) -> list[AnyArm]:
    """Return the arms to compare: the standard ones in their usual order, then the others. By default, all that the ingredients allow.

    Raises:
        InvalidRequest: if an arm lacks what it needs, if a name is used twice, or if there are fewer than two arms.
    """
    missing = _find_missing(ingredients)
    if requested is None:
        return _choose_all(missing)
    _check_names(requested)
    for position, arm in enumerate(requested):
        if not isinstance(arm, Arm) and arm in missing:
            raise InvalidRequest(f"The arm '{arm}' needs {missing[arm]}", param=f"arms[{position}]")
    return sort_arms(requested)


def sort_arms(arms: Sequence[AnyArm]) -> list[AnyArm]:
    """Return the standard arms in their usual order, then the others."""
    return [*(arm for arm in STANDARD_ARMS if arm in arms), *(arm for arm in arms if isinstance(arm, Arm))]


def uses_adapter(arms: Sequence[AnyArm], ingredients: Ingredients) -> bool:
    """Return whether an arm answers with the fine-tuned model of the comparison."""
    model = ingredients.model
    own = [arm.model for arm in arms if isinstance(arm, Arm) and arm.model is not None]
    return any(arm in WITH_ADAPTER for arm in arms if not isinstance(arm, Arm)) or (model is not None and model.id in own)


def _choose_all(missing: dict[StandardArm, str]) -> list[AnyArm]:
    arms: list[AnyArm] = [arm for arm in STANDARD_ARMS if arm not in missing]
    if len(arms) < 2:
        others = "".join(f" '{arm}' needs {need}" for arm, need in missing.items())
        raise InvalidRequest(f"A comparison needs at least two arms; this one has only '{arms[0]}'.{others}", param="arms")
    return arms


def _find_missing(ingredients: Ingredients) -> dict[StandardArm, str]:
    """Return what each standard arm needs that is not there, as the end of a sentence."""
    if ingredients.documents:
        return {}
    missing: dict[StandardArm, str] = {}
    for arm in STANDARD_ARMS:
        if arm in WITH_DOCUMENTS and not ingredients.vector_store_ids:
            missing[arm] = "documents. List vector stores in 'vector_store_ids'."
        elif arm in WITH_ADAPTER and (ingredients.model is None or ingredients.model.parent is None):
            missing[arm] = f"a fine-tuned model, but '{ingredients.model.id if ingredients.model else None}' is a base model."
        elif arm in WITH_EXAMPLES and ingredients.training_file.file_id is None:
            missing[arm] = ingredients.training_file.missing
    return missing


def _check_names(arms: Sequence[AnyArm]) -> None:
    names = list[str]()
    for position, arm in enumerate(arms):
        name = name_arm(arm)
        place = f"arms[{position}].name" if isinstance(arm, Arm) else f"arms[{position}]"
        if isinstance(arm, Arm) and name in STANDARD_ARMS:
            raise InvalidRequest(f"'{place}' must not be the name of a standard arm; got '{name}'.", param=place)
        if name in names:
            problem = f"'{place}' must not be '{name}', the name of 'arms[{names.index(name)}]'."
            raise InvalidRequest(problem, param=place)
        names.append(name)


def check_own_arms(arms: Sequence[AnyArm], ingredients: Ingredients, project: Project) -> list[str]:
    """Check every arm that is not a standard one; return warnings.

    Raises:
        NotFound: if an arm's model or vector store does not exist.
        InvalidRequest: if an arm has no documents or examples although it uses them, or its prompt template cannot be used.
    """
    own = [(f"arms[{position}]", arm) for position, arm in enumerate(arms) if isinstance(arm, Arm)]
    for place, arm in own:
        _check_retrieval(place, arm, ingredients, project)
        _check_examples(place, arm, ingredients)
    return [warning for place, arm in own if (warning := _check_model(place, arm, ingredients, project))]


def _check_model(place: str, arm: Arm, ingredients: Ingredients, project: Project) -> str | None:
    """Return a warning if the arm's model was trained on questions that are not looked for."""
    if arm.model is None:
        return None
    model = project.find_model(arm.model, f"{place}.model")
    if model.parent is None or (ingredients.model and model.id == ingredients.model.id):
        return None
    return f"The arm '{arm.name}' has the model '{model.id}', whose training file may have some of the questions: this was not checked."


def _check_retrieval(place: str, arm: Arm, ingredients: Ingredients, project: Project) -> None:
    if arm.retrieval is None:
        return
    own_stores = f"{place}.retrieval.vector_store_ids"
    project.check_stores(arm.retrieval.vector_store_ids, own_stores)
    if not (arm.retrieval.vector_store_ids or ingredients.vector_store_ids or ingredients.documents):
        problem = f"The arm '{arm.name}' needs documents. List vector stores in '{own_stores}', or in 'vector_store_ids'."
        raise InvalidRequest(problem, param=own_stores)
    if arm.retrieval.prompt_template is not None:
        Template(arm.retrieval.prompt_template, f"{place}.retrieval.prompt_template")


def _check_examples(place: str, arm: Arm, ingredients: Ingredients) -> None:
    if arm.examples and ingredients.training_file.file_id is None and not ingredients.documents:
        problem = f"The arm '{arm.name}' needs {ingredients.training_file.missing}"
        raise InvalidRequest(problem, param=f"{place}.examples")
