"""The report of a comparison as HTML, Markdown and JSON, and the bundle that it can be computed from again.

The flow (`compare`) imports `publish`, and the command line (`__main__`) the writers and `bundle`. It knows nothing of how answers
were collected and how the verdict was reached.

    content.py     what a report tells: evidence and findings, the main arm and its rival
    facts.py       the figures beside the verdict
    diagnosis.py   did search or reading fail
    examples.py    the questions that show the verdict, and those that speak against it
    next_steps.py  what to try next
    method.py      the method in a paragraph, and the settings
    charts/        the geometry of charts
    markdown/      the sections in Markdown
    templates/     the page
    bundle/        the comparison as a zip file
"""
