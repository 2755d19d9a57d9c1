"""`/reports/evals`: the report of a run as a page. It is opened in a browser, so a signature in the link replaces the key.

Links are made by the front door and opened as they are, so they are not in the API's document.
"""

import time
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from services.generation.evaluations.evals.describe import describe_item, describe_run
from services.generation.evaluations.evals.sign_report import PATH, check_link
from services.generation.evaluations.evals.store import RunDetails
from services.generation.evaluations.evals.write_report import MAX_ITEMS, write_report
from services.generation.routes.evaluations.dependencies import EvalStoreDep
from shared.contracts.paging import PageRequest
from shared.web.json_route import JsonRoute

# It shows a user's data, so no cache keeps it, and no other site learns the link.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
}

router = APIRouter(prefix=PATH, tags=["evals"], route_class=JsonRoute)


@router.get("/{eval_id}/runs/{run_id}", response_class=HTMLResponse, include_in_schema=False)
def open_eval_report(
    eval_id: str,
    run_id: str,
    evals: EvalStoreDep,
    expires: Annotated[int, Query(ge=0)],
    signature: Annotated[str, Query(max_length=128)],
) -> HTMLResponse:
    """Open the report of a run, the `report_url` of a run. No key is needed; the link works for about a day."""
    now = time.time()
    check_link(run_id, expires, signature, evals.find_report_secret(eval_id, run_id), now)
    run = evals.open_run(eval_id, run_id)
    shown = describe_run(run, RunDetails(evals.count_items([run_id])[run_id]), "", now)
    items = [describe_item(row, eval_id) for row in evals.list_items(run_id, PageRequest(MAX_ITEMS, "asc")).rows]
    return HTMLResponse(write_report(shown, evals.find(run.project_id, eval_id).name, items), headers=HEADERS)
