"""Benchmarks of the retrieval service: `make bench-retrieval`."""
