"""Evals: the run of an eval, from its rows to its results. Every answer and every grade is stored as soon as it is there.

The flow (`evaluate`) and the worker import this room. It knows nothing of arms or verdicts; `shared.graders` computes the grades.

    rows/              where rows come from: the request, a file, stored answers
    sampling/          what a model is asked about a row, and its answer in the shape that graders read
    item_store.py      the output items in the database
    store_rows.py      an output item for each row, before anything is asked
    run_items.py       the answer and the grades of each item, several at a time
    byte_gate.py       fewer at a time, if they are large
    grade_item.py      the grades of one item
    describe_grade.py  a grade as the output item shows it
    patience.py        when to give up
    progress.py        the stage and percent of the job
    sum_up.py          the result of the run
"""
