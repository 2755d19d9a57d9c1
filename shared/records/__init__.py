"""The tables that two services share: jobs, comparisons, answers, adapters and their sharing, stored answers, evals, projects and API keys,
and the leases on rows.

The workers, the web layer and all services may import it. It knows nothing of HTTP or the broker.
"""

from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations"
