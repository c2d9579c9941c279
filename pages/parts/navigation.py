"""Draws the way to every page: a few groups in one line, each opening downward; the present page and its group are marked.

It opens by pointing, by a tap and by the keyboard, without a script: what is pointed at or focused is open, all else is closed.
"""

from __future__ import annotations

from charts.markup import esc, link
from pages.parts.context import Context
from pages.parts.filters import Filters

GROUPS = (
    ("overview",),
    ("sign", "area", "hotline", "economy"),
    ("alerts", "duty", "units"),
    ("evaluation", "works"),
    ("briefs",),
    ("feeds", "catalogue"),
)
"""Pages that belong together; a group bears the name of its first one."""


def navigation(context: Context, page: str) -> str:
    """Return the groups; what is chosen on one page does not follow to another, but for language and snapshot."""
    groups = "".join(_group(context, pages, page) for pages in GROUPS)
    return f'<nav aria-label="{esc(context.words.say("masthead.navigation"))}">{groups}</nav>'


def _group(context: Context, pages: tuple[str, ...], here: str) -> str:
    if len(pages) == 1:
        return _entry(context, pages[0], here)
    name = esc(context.words.label("nav", pages[0]))
    css = ' class="here"' if here in pages else ""
    entries = "".join(_entry(context, page, here) for page in pages)
    return f'<div class="group"><button type="button" aria-haspopup="true"{css}>{name}</button><div class="menu">{entries}</div></div>'


def _entry(context: Context, page: str, here: str) -> str:
    target = Filters(lang=context.filters.lang, snapshot=context.filters.snapshot).target(page)
    return link(target, esc(context.words.label("nav", page)), "here" if page == here else "")
