"""Environment and weather."""

from data.demo.feeds.environment.feed import FEED

__all__ = ["FEED"]
