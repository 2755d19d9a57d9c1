"""Benchmarks of LoRA training: `make bench-training`."""
