"""Asking: sends every question to every arm through Tandem's API, and stores each answer as soon as it arrives.

The flow (`compare`) and the worker import this room. It knows nothing of grades or of the verdict.
"""
