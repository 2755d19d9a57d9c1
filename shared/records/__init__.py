"""What two services keep in one database: jobs, adapters, answers, responses, projects and keys, and the leases over them.

Workers, the web layer and both services come in. Knows no HTTP and no broker.
"""

from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations"
