"""The geometry of the report's charts: where every dot, whisker, tick and label is. The templates draw them as HTML.

Horizontal positions are shares of the plot's width in percent, so a chart fits every screen and its text keeps its size. Only the
report's writers come in. It knows nothing of colors and fonts.

    intervals.py  the mean of each arm, and the difference of each pair, with intervals
    costs.py      quality against cost
    labels.py     places labels so that none covers another
"""
