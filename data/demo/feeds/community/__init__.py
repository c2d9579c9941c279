"""Community grid and civil affairs, with grid events, welfare and jobs."""

from data.demo.feeds.community.feed import FEED

__all__ = ["FEED"]
