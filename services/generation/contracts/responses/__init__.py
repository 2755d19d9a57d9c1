"""The requests, items and answers of the Responses API."""
