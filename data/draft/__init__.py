"""Proposes a contract for a file that nobody has described yet; `draft(...)` is the way in."""

from data.draft.proposal import NO_FEED, draft

__all__ = ["NO_FEED", "draft"]
