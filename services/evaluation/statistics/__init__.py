"""Statistics: from the scores of the arms to a decision, with intervals, pairs, and how many questions it takes.

The flow (`compare`), `inputs`, `verdict` and `report` import this room. It knows nothing of answers, graders, HTTP or the database.
"""
