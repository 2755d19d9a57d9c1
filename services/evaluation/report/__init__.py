"""The report of a comparison: JSON with everything, and one self-contained HTML page.

Only the flow (`compare`) imports this room. It knows nothing of how the verdict was reached.
"""
