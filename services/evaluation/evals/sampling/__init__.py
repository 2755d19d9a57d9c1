"""Sampling: what a model is asked about a row, and its answer in one shape, whichever API it came from.

    ask.py             a model's answer to one row
    write_messages.py  the messages of a row
    message_content.py the content of messages that a row brings
    input_items.py     messages as the items of a response
    write_request.py   the body of the request
    shapes.py          an answer as graders read it: a chat completion, a response, or the fields of one
    describe_sample.py an answer as the output item shows it

Only `evals` imports this room. It knows nothing of jobs and databases.
"""
