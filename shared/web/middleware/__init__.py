"""Middleware: what happens to every request before and after its route.

`install` adds it, from the outside in:

    observe.py  an id for the request, one line in the log, the metrics
    protect.py  the key, the size of the body, and how long it may take
    head.py     HEAD wherever GET works
"""
