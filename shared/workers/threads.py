"""How threads of PyTorch wait for one another: they spin for some microseconds, and then sleep.

OpenMP's own default is to spin for milliseconds. If another process has one of the cores, that lasts as long as the other's turn, at each
of the thousands of barriers of a step (decision 114).
"""

THREADS = {"GOMP_SPINCOUNT": "10000"}
