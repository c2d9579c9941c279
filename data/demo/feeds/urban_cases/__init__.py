"""Urban cases."""

from data.demo.feeds.urban_cases.feed import FEED

__all__ = ["FEED"]
