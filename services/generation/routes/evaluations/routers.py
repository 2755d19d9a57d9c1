"""The routers of this room, in the order of the API's document."""

from services.generation.routes.evaluations import (
    comparisons,
    datasets,
    eval_reports,
    eval_runs,
    evals,
    graders,
    output_items,
    promptfoo,
    run_comparisons,
)

MODULES = (graders, datasets, comparisons, evals, promptfoo, eval_runs, output_items, run_comparisons, eval_reports)
ROUTERS = tuple(module.router for module in MODULES)
