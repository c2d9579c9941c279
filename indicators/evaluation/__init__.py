"""Turns judged signs into scores that can be defended: comparable values, weights, means, ranks, and why a score moved."""
