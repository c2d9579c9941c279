"""The economy: the bulletin of the statistics bureau, market subjects, office buildings."""

from data.demo.feeds.economy.feed import FEED

__all__ = ["FEED"]
