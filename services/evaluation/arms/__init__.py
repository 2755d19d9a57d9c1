"""Arms: the ways of answering that a comparison compares, with the request and the answer of each.

Every other room of the service imports this one. It knows nothing of HTTP, the database or statistics.
"""
