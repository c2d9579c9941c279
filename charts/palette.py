"""Owns every colour that a chart, a mark or a page may use, in a light and a dark set.

Nothing else may name a colour; `.streamlit/config.toml` repeats the few that Streamlit's own widgets need.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

Theme = Literal["light", "dark"]
LEVELS = ("normal", "blue", "yellow", "orange", "red")
SANS = '"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif'
SERIF = '"Noto Serif CJK SC","Source Han Serif SC","STSong","SimSun",serif'


@dataclass(frozen=True, slots=True)
class Palette:
    """Neutrals, directions of change, and per level: the fill, the same as ink, and the text on the fill."""

    paper: str
    panel: str
    ink: str
    ink_2: str
    ink_3: str
    rule: str
    grid: str
    ribbon: str
    accent: str
    better: str
    worse: str
    delivered: str
    normal: str
    normal_ink: str
    normal_on: str
    blue: str
    blue_ink: str
    blue_on: str
    yellow: str
    yellow_ink: str
    yellow_on: str
    orange: str
    orange_ink: str
    orange_on: str
    red: str
    red_ink: str
    red_on: str

    def fill(self, level: str) -> str:
        """Return the fill of a level."""
        return str(getattr(self, level))

    def level_ink(self, level: str) -> str:
        """Return the level as a line or text colour."""
        return str(getattr(self, f"{level}_ink"))

    def on(self, level: str) -> str:
        """Return the text colour on the level's fill."""
        return str(getattr(self, f"{level}_on"))


LIGHT = Palette(
    paper="#FCFBF8", panel="#F3F2ED", ink="#1A2228", ink_2="#46515A", ink_3="#636E76", rule="#D3D7D6", grid="#E7E7E1",
    ribbon="#DDE3E6", accent="#1F3D5A", better="#0E6E66", worse="#7B2D5E", delivered="#C6D0D3",
    normal="#E6EAEA", normal_ink="#46515A", normal_on="#1A2228",
    blue="#B5D5EF", blue_ink="#1C5A93", blue_on="#1A2228",
    yellow="#E0B21B", yellow_ink="#755700", yellow_on="#1A2228",
    orange="#D9731F", orange_ink="#A14000", orange_on="#1A2228",
    red="#A8161F", red_ink="#A8161F", red_on="#FFFFFF",
)  # fmt: skip
DARK = Palette(
    paper="#0F1519", panel="#182127", ink="#EFF3F5", ink_2="#B9C3CA", ink_3="#95A1A9", rule="#2E3A42", grid="#243038",
    ribbon="#26333B", accent="#8FB8DC", better="#5CC8BC", worse="#E29BC6", delivered="#3F4E58",
    normal="#33404A", normal_ink="#B9C3CA", normal_on="#EFF3F5",
    blue="#8CC3F0", blue_ink="#8CC3F0", blue_on="#0F1519",
    yellow="#F2C83A", yellow_ink="#F2C83A", yellow_on="#0F1519",
    orange="#F08A35", orange_ink="#F5994E", orange_on="#0F1519",
    red="#D42A30", red_ink="#FF7B78", red_on="#FFFFFF",
)  # fmt: skip


def palette(theme: str | None) -> Palette:
    """Return the set of a theme; anything but `dark` is light."""
    return DARK if theme == "dark" else LIGHT


def css_tokens() -> str:
    """Return the colours as CSS variables that follow the page's colour scheme by themselves."""
    light, dark = asdict(LIGHT), asdict(DARK)
    pairs = (f"--{name.replace('_', '-')}:light-dark({light[name]},{dark[name]})" for name in light)
    return f".stApp{{{';'.join(pairs)};--sans:{SANS};--serif:{SERIF}}}"
