"""The HTTP side that both services share: the server, authentication, middleware, errors, health and metrics.

Only the wiring of the two HTTP services may import it: their `app`, `wiring` and `dependencies`.
"""
