"""The HTTP side that both services share: the server, authentication, middleware, errors, health and metrics.

Only the wiring of a service (its `app` and `dependencies`) may import it.
"""
