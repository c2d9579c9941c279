"""Smart-city projects and platform logs, with projects, systems, arrivals and requests."""

from data.demo.feeds.smartcity.feed import FEED

__all__ = ["FEED"]
