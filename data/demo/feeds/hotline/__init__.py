"""The hotline, with its orders."""

from data.demo.feeds.hotline.feed import FEED

__all__ = ["FEED"]
