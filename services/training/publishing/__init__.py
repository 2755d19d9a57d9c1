"""Publishing a trained adapter: check that the engine can load it, publish it with its manifest, and probe it once it is served.

Only the flow (`finetune`) imports this room. It knows nothing of how an adapter was trained.
"""
