"""Police, fire brigade and video."""

from data.demo.feeds.police_fire.feed import FEED

__all__ = ["FEED"]
