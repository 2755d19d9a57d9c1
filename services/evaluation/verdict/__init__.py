"""The verdict: decides which arm to recommend, and explains it in words and numbers.

The flow (`compare`) and `report` import this room. It knows nothing of single answers.
"""
