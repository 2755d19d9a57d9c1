"""Links to the report of a run. They work in a browser, which sends no key, until they expire: a signature proves that we made them.

Each run has a secret of its own in its job, so any front door can check a link, and a link to a deleted run opens nothing.
"""

import hashlib
import hmac
from urllib.parse import quote, urlencode

from shared.errors import NotFound

PATH = "/reports/evals"
SECONDS = 24 * 3600
STEP = 3600  # links that are made within an hour are the same


def make_link(base: str, eval_id: str, run_id: str, secret: str, now: float) -> str:
    """Return a link that works for at least 24 hours; `base` is the URL of the front door, or empty."""
    expires = int(now // STEP + 1) * STEP + SECONDS
    query = urlencode({"expires": expires, "signature": _sign(run_id, expires, secret)})
    return f"{base}{PATH}/{quote(eval_id, safe='')}/runs/{quote(run_id, safe='')}?{query}"


def check_link(run_id: str, expires: int, signature: str, secret: str, now: float) -> None:
    """Raise NotFound if we have not signed the link, or it has expired."""
    if not secret or not hmac.compare_digest(_sign(run_id, expires, secret).encode(), signature.encode()):
        raise NotFound("The link to the report is not valid. Copy the whole 'report_url' of the run.", param="signature")
    if expires < now:
        raise NotFound("The link to the report has expired. Retrieve the run, and open its new 'report_url'.", param="expires")


def _sign(run_id: str, expires: int, secret: str) -> str:
    return hmac.new(secret.encode(), f"{run_id}.{expires}".encode(), hashlib.sha256).hexdigest()
