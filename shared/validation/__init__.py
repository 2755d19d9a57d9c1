"""Reads JSON within limits, and turns pydantic's validation errors into plain sentences.

A sentence says which field is wrong, why, what would be right, and what was received.

Everything that validates what a user wrote may import it: the web layer, the services, the datasets and the settings. pydantic's own
words never reach a user.
"""
