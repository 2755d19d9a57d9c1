"""Generation's HTTP to other services, and the way of their responses to the client.

It knows no service by name. Every other room of generation may import it; `reply` and `sse` need no HTTP library.
"""
