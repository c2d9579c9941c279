"""Draws the two icons of a control chart: what its newest point says, and whether the process keeps its standard.

Source of the idea: the variation and assurance icons of NHS England's Making Data Count, drawn anew in this palette.
Each carries a word, so that neither shape nor colour stands alone.
"""

from __future__ import annotations

from charts.markup import esc, image, svg
from charts.palette import SANS, Palette

SIZE = 64
WAY = {"improvement": "better", "concern": "worse", "neutral": "accent"}
FALLING = ((13, 22), (20, 27), (27, 23), (34, 29), (41, 36), (48, 43))


def variation_icon(code: str | None, colours: Palette, word: str, alt: str, size: int = SIZE) -> str:
    """Return the icon of a variation code, `word` inside it; None: not evaluated, dashed and grey."""
    kind, _, way = (code or "").partition("_")
    strong = getattr(colours, WAY.get(kind, ""), None)
    if strong is None:
        edge = colours.ink_2 if code else colours.ink_3
        wave = ((12, 30), (19, 24), (26, 33), (33, 25), (40, 32), (47, 26), (53, 30))
        body = _ring(edge, dashed=not code) + (_dots(wave, colours.ink_3, ()) if code else "")
        return image(svg(size, size, _scaled(body + _word(word, 32, 52 if code else 37, edge), size)), alt)
    spots = FALLING if way == "low" else tuple((x, 56 - y) for x, y in FALLING)
    word_at = (22, 51) if way == "low" else (42, 51)
    body = _ring(strong) + _dots(spots, colours.ink_3, spots[3:], strong) + _word(word, *word_at, strong)
    return image(svg(size, size, _scaled(body, size)), alt)


def assurance_icon(code: str | None, colours: Palette, word: str, alt: str, size: int = SIZE) -> str:
    """Return the icon of an assurance code: the standard as a dashed line, the process above, below or around it."""
    tone = {"consistent_pass": colours.better, "consistent_fail": colours.worse, "hit_or_miss": colours.ink_2}.get(code or "")
    if tone is None:
        return image(svg(size, size, _scaled(_ring(colours.ink_3, dashed=True) + _word(word, 32, 37, colours.ink_3), size)), alt)
    line = {"consistent_pass": 35, "consistent_fail": 15, "hit_or_miss": 26}[str(code)]
    wave = " ".join(f"{x},{26 + (-7 if place % 2 else 7)}" for place, x in enumerate(range(12, 53, 8)))
    if code != "hit_or_miss":
        wave = " ".join(f"{x},{25 + (-4 if place % 2 else 4)}" for place, x in enumerate(range(12, 53, 8)))
    body = _ring(tone) + f'<path d="M8 {line}H56" stroke="{colours.ink}" stroke-width="2" stroke-dasharray="4 3"/>'
    body += f'<polyline points="{wave}" fill="none" stroke="{tone}" stroke-width="2" stroke-linejoin="round"/>'
    return image(svg(size, size, _scaled(body + _word(word, 32, 54, tone), size)), alt)


def special_mark(special: str | None, tone: str, colours: Palette, size: float = 14, alt: str = "") -> str:
    """Return the mark of a point: a diamond beyond a limit, a disc in a pattern, a ring otherwise; `tone` is better, worse or accent."""
    fill = getattr(colours, tone or "accent")
    if special and special.startswith("outside"):
        body = f'<path d="M7 .4L13.6 7L7 13.6L.4 7Z" fill="{fill}"/>'
    elif special:
        body = f'<circle cx="7" cy="7" r="5.2" fill="{fill}"/>'
    else:
        body = f'<circle cx="7" cy="7" r="3.6" fill="{colours.paper}" stroke="{colours.ink_2}" stroke-width="1.6"/>'
    return image(svg(size, size, f'<g transform="scale({size / 14:g})">{body}</g>'), alt, f"width:{size:g}px;height:{size:g}px;flex:none")


def _scaled(body: str, size: int) -> str:
    return f'<g transform="scale({size / SIZE:g})">{body}</g>'


def _ring(colour: str, *, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<circle cx="32" cy="32" r="30" fill="none" stroke="{colour}" stroke-width="3"{dashes}/>'


def _dots(spots: tuple[tuple[int, int], ...], plain: str, marked: tuple[tuple[int, int], ...], strong: str = "") -> str:
    path = " ".join(f"{x},{y}" for x, y in spots)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3.4" fill="{strong if (x, y) in marked else plain}"/>' for x, y in spots)
    return f'<polyline points="{path}" fill="none" stroke="{plain}" stroke-width="1.5"/>{dots}'


def _word(text: str, x: float, y: float, colour: str) -> str:
    look = f'font-size="15" font-weight="700" text-anchor="middle" font-family="{esc(SANS)}" fill="{colour}"'
    return f'<text x="{x}" y="{y}" {look}>{esc(text)}</text>'
