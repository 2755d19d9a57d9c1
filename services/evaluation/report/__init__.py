"""The report of a comparison, as JSON with everything and as one HTML page that needs nothing else.

Only the flow (`compare`) imports this room. It knows nothing of how the verdict was reached.
"""
