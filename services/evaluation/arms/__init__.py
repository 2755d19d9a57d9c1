"""Arms: the ways of answering that a comparison compares, with the request and the answer of each.

Every other room of the service imports this one. It knows nothing of HTTP, the database or statistics.

    build.py         a model, with or without documents and examples
    instructions.py  what every arm is told
    examples.py      which examples of the training file an arm is shown
    request.py       the request that asks an arm one question
    answer.py        what an arm answered, or why it did not
"""
