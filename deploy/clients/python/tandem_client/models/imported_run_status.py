from typing import Literal

ImportedRunStatus = Literal["canceled", "completed", "failed"]

IMPORTED_RUN_STATUS_VALUES: set[ImportedRunStatus] = {
    "canceled",
    "completed",
    "failed",
}


def check_imported_run_status(value: str) -> ImportedRunStatus:
    if value in IMPORTED_RUN_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {IMPORTED_RUN_STATUS_VALUES!r}"
    )
