"""The routes of what measures answers: comparisons, evals, graders, and the datasets that they are made from. Only `app` imports it."""
