"""The feeds of the demonstration city, in the order in which their truth is told; each is a module or a package with one FEED.

What a feed says of itself in words and rates stands beside it in `<feed>.yaml`.
"""

from data.demo.feeds import (
    community,
    economy,
    environment,
    health,
    hotline,
    police_fire,
    safety,
    services,
    smartcity,
    traffic,
    urban_cases,
    utilities,
)

FEEDS = (
    hotline.FEED,
    urban_cases.FEED,
    environment.FEED,
    police_fire.FEED,
    health.FEED,
    utilities.FEED,
    traffic.FEED,
    services.FEED,
    economy.FEED,
    safety.FEED,
    community.FEED,
    smartcity.FEED,
)

__all__ = ["FEEDS"]
