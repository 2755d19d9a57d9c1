"""Statistics: grades every answer, and summarizes the grades of every arm and the differences between arms.

The flow (`compare`), `verdict` and `report` import this room. It knows nothing of how answers were collected.
"""
