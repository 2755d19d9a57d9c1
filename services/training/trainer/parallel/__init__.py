"""Several processes that train a job together: how they are started, end together, and agree.

    ranks       starts the other processes, and ends all of them if one ends
    agreement   what all of them must know or decide alike
    shares      which examples of a batch each of them computes
    sharding    a base model whose weights they share

The first process is the one that the worker started. Only it writes files and reports to the worker. Only `trainer` imports this room;
`ranks` does without torch.
"""
