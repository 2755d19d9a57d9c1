"""The queries of the lists of evals, runs and output items. They begin with the oldest, as OpenAI's do."""

from typing import Literal

from pydantic import Field

from shared.contracts.evals.output_items import ItemStatus
from shared.contracts.evals.runs import RunStatus
from shared.contracts.paging import Order, PageQuery

OLDEST_FIRST = "The order by time; `asc` is oldest first."


class EvalsQuery(PageQuery):
    """The query of the evals."""

    order: Order = Field("asc", description=OLDEST_FIRST)
    order_by: Literal["created_at", "updated_at"] = Field("created_at", description="The time to sort by.")


class RunsQuery(PageQuery):
    """The query of the runs of an eval."""

    order: Order = Field("asc", description=OLDEST_FIRST)
    status: RunStatus | None = Field(None, description="List only runs with this status.")


class OutputItemsQuery(PageQuery):
    """The query of the output items of a run."""

    order: Order = Field("asc", description="`asc` is the order of the data.")
    status: ItemStatus | None = Field(None, description="List only output items with this status. `error` is an extension.")
