"""Datasets: questions with answers that a model writes from documents, checked, split by document, and stored as files; or examples that
stored responses are.

    make_dataset.py       the flow from documents
    sources/              documents, their groups, the split, the questions to request
    synthesis/            proposing and checking questions
    distillation/         the flow from stored responses and chat completions
    raft.py               training examples with passages
    grounded_form.py      the form of a prompt with passages
    write_files.py        the lines of the files
    explain_shortage.py   why there are too few

The worker imports this room. Nothing in it knows comparisons.
"""
