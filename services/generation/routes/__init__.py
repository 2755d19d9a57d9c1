"""The HTTP routes, a module per resource. Each parses the request, calls one flow or store, and sends the result. Only `app` imports it."""
