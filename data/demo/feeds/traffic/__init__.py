"""Traffic: roads, buses, car parks."""

from data.demo.feeds.traffic.feed import FEED

__all__ = ["FEED"]
