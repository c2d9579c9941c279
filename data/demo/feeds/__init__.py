"""The feeds of the demonstration city, in the order in which their truth is told; each is a module or a package with one FEED.

What a feed says of itself in words and rates stands beside it in `<feed>.yaml`.
"""

from data.demo.feeds import community, environment, hotline, safety, services, smartcity, traffic, urban_cases

FEEDS = (
    hotline.FEED,
    urban_cases.FEED,
    environment.FEED,
    safety.FEED,
    community.FEED,
    smartcity.FEED,
    traffic.FEED,
    services.FEED,
)

__all__ = ["FEEDS"]
