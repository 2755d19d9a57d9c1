"""The loss curve of a fine-tuning job as an SVG, from the metrics in its events. Only the routes come in.

read_curve.py  the losses by step, from the events
draw.py        where each line, tick and text is
curve.svg      the template that draws them
"""
