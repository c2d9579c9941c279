"""Turns facts into sentences that people read; knows no page."""
