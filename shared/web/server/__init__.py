"""The HTTP server: an app over TCP, and what a client may do with a connection before the app sees a request.

Only `app` of the two HTTP services imports it, and tests that need a real connection. It knows no routes and no keys.

    serve.py       listens, serves until SIGTERM or Ctrl-C
    limits.py      how long, how large, how many
    connection.py  one connection, within these limits
    refusal.py     the errors of a connection, as responses
"""
