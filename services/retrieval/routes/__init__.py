"""The HTTP API: each route parses the request, calls one function of another room, and shapes the response. Imported by `app`."""
