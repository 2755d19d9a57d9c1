"""Models where they are served: which models there are, the engines that serve them, and the adapters those engines load.

`grounding` may import it, and everything above `grounding`. It imports `http` alone.
"""
