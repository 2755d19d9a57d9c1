"""Generation's HTTP calls to other services, and how their responses reach the client.

It knows no service by name. Every other room of generation may import it; `reply` and `sse` need no HTTP library.
"""
