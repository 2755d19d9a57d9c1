"""Costs: what an arm's answers cost in tokens, money and seconds, and from which volume on one arm is cheaper than another.

Only the rest of `verdict` imports this room. It knows nothing of scores, except for the share of correct answers that it is given.

    price_arms.py       the cost of a question, and what training and indexing cost
    find_overtakes.py   the volumes at which one arm becomes cheaper than another
    measure_latency.py  the latency under load, and of one question at a time
"""
