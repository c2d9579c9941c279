"""Work safety and market regulation, with hazards, lifts, samples, dust and accidents."""

from data.demo.feeds.safety.feed import FEED

__all__ = ["FEED"]
