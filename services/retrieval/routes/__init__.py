"""The HTTP side: each route parses, calls one step, translates."""
