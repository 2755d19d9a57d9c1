"""Runs of one eval are compared on the items that they share. The routes may import it.

compare_runs  the flow: check the runs, pair their items, compare their pass rates
pair_items    the items that all runs have graded
conclude      what the differences show, in words
"""
