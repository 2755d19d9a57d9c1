"""The HTTP side that both services share: the server, authentication, middleware, errors, health and metrics.

Only the two HTTP services may import it: the wiring (`app`, `wiring`, `dependencies`), and routes for `json_route`.
"""
