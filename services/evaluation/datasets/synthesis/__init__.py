"""Synthesis: a model proposes a question about a passage, rules and checks decide whether it is kept, and every step is stored.

    candidates.py       the numbers and names that may be asked for
    propose.py          the request for a question, and its reply
    filters.py          rules about its words
    check_answers.py    asking it without and with its passage
    make_question.py    these steps for one question, each stored
    collect_items.py    many at a time, until there are enough
    generator.py        the model that is asked
    item_store.py       the database
    words.py            what a text is about

Only the rooms of `datasets` import it. It knows nothing of files and of what the questions are used for.
"""
