"""Creates an eval: check the data source and the criteria, then store them."""

import time

from services.generation.evaluations.evals.criteria import check_criterion, check_models, check_threshold, name_criterion
from services.generation.evaluations.evals.item_schema import check_item_schema, find_fields, has_sample
from services.generation.evaluations.evals.store import EvalStore
from services.generation.evaluations.project import Project
from shared.contracts.evals.data_sources import CustomConfig
from shared.contracts.evals.evals import EvalCreate
from shared.ids import new_id
from shared.records.evaluation.evals import StoredEval


def create_eval(request: EvalCreate, project: Project, store: EvalStore) -> StoredEval:
    """Check the request and store the eval.

    Raises:
        InvalidRequest: if the schema of the items or a criterion is wrong.
    """
    config = request.data_source_config
    if isinstance(config, CustomConfig):
        check_item_schema(config.item_schema)
    fields, answers = find_fields(config), has_sample(config)
    for position, grader in enumerate(request.testing_criteria):
        place = f"testing_criteria[{position}]"
        check_criterion(grader, fields, answers, place)
        check_threshold(grader, place)
        check_models(grader, place, project)
    now = int(time.time())
    row = StoredEval(
        id=new_id("eval_"),
        project_id=project.id,
        name=request.name or f"{config.type} {time.strftime('%Y-%m-%d', time.gmtime(now))}",
        metadata_=request.metadata,
        data_source_config=config.model_dump(mode="json", exclude_none=True),
        testing_criteria=[name_criterion(grader) for grader in request.testing_criteria],
        created_at=now,
        updated_at=now,
    )
    return store.add(row)
