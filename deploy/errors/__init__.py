"""Lists every error message of the API, with its status, code and param: `make errors`, or `python -m deploy.errors`.

Read the list aloud: it should sound like one person who knows the API. Only tests and `make` may import it.
"""
