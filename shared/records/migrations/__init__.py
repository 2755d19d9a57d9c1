"""Alembic migrations of the jobs database, which generation applies at start and the workers wait for."""
