"""What a caller can do about a job that must end first."""

from shared.records.jobs import PAUSED


def advise_unfinished(status: str) -> str:
    """Return what to do about an unfinished job with this status, in a sentence. A paused job does not end on its own."""
    return "Resume or cancel it." if status == PAUSED else "Wait until it ends, or cancel it."
