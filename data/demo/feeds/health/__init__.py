"""Health by the day."""

from data.demo.feeds.health.feed import FEED

__all__ = ["FEED"]
