"""Generation: the front door of the API. It answers, serves models, accepts jobs, and passes the rest on to retrieval.

No other service imports it. `app` wires it; pyproject.toml has the layers of its rooms.
"""
