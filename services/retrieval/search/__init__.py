"""Searchnew."""
