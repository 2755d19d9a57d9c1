"""The verdict: decides which arm to recommend, and explains it in words and numbers.

The flow (`compare`), `inputs` and `report` import this room. It asks and grades nothing.

    evidence.py       everything that the findings are computed from
    assess.py         the flow of this room
    conclude.py       the rule, with failed answers counted both ways
    explain.py        the verdict in a few sentences
    list_warnings.py  what the verdict should be read with
    summarize.py      the figures of each arm
    failures.py       how many answers failed, and when there are too many
    scale.py          the range of a grader, and the margin
    scores.py         the table of scores
    sum_indexing.py   how long indexing the documents of each arm took
    costs/            what answers cost
    format.py         numbers and words in sentences
    labels.py         what arms and graders are called
"""
