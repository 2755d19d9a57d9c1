"""What the HTTP side of both services has in common: the server, request ids, keys, body limits, errors and health routes.

Only a service's `app` and `dependencies` come in.
"""
