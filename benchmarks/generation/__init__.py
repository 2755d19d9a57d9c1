"""Benchmarks of the generation service: `make bench-generation`."""
