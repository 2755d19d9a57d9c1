"""Resources: what a comparison needs and does not have yet is made through Tandem's API: a vector store, a dataset, adapters.

The flow (`compare`) imports this room. It knows nothing of arms, answers or verdicts.
"""
