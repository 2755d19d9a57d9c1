"""Engines that sleep while a model is trained on their GPU: which of them shall, and how they fall asleep and wake up.

`app` starts it. It calls the engines through the replicas of `serving`.
"""
