"""Government services: items of the halls, documents under supervision."""

from data.demo.feeds.services.feed import FEED

__all__ = ["FEED"]
