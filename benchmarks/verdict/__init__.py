"""Benchmarks of the verdict: how often it is right if the truth is known."""
