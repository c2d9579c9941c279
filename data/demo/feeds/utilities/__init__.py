"""Water, power, gas, heating, drainage, lighting and sanitation by the day."""

from data.demo.feeds.utilities.feed import FEED

__all__ = ["FEED"]
