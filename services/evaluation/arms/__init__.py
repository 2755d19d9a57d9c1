"""Arms: the ways of answering that a comparison compares, what each one is asked, and what it answered.

Every other room of the service imports this one. It knows nothing of HTTP, the database or statistics.
"""
