"""Serves models: which models a project has, the engines that run them, and the adapters that those engines load.

`grounding` may import it, and everything above `grounding`. It imports `http` and `contracts`.
"""
