"""Benchmarks: figures that a command prints, measured side by side in one run. They are no tests."""
