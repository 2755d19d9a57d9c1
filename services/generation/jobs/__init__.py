"""Jobsnew."""
