"""The look of every chart: ink, greys and one accent, light and dark, and one colour per vendor everywhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["light", "dark"]
# The families that Streamlit serves itself, then what the machine has.
FONT = '"Source Sans", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif'
# Okabe and Ito 2008, told apart with every common colour vision: vermillion is kept for the incumbent; black
# and yellow are left out because they vanish on a dark or a light page.
INCUMBENT = "#d55e00"
GAINERS = ("#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


@dataclass(frozen=True, kw_only=True)
class Style:
    """The colours of one mode."""

    mode: Mode
    ink: str
    muted: str
    faint: str
    grid: str
    paper: str
    tail: str
    in_house: str
    not_spent: str
    unplaced: str
    incumbent: str
    gainers: tuple[str, ...]
    # The incumbent's and the gainers' colours as words in them are read: at least 4.5 to 1 on the paper.
    worded: tuple[str, ...]

    def in_words(self, colour: str) -> str:
        """Return the colour of words about what has a colour; greys are read as muted."""
        return dict(zip((self.incumbent, *self.gainers), self.worded, strict=True)).get(colour, self.muted)


LIGHT = Style(
    mode="light", ink="#1c1b19", muted="#6b6860", faint="#a19d92", grid="#e6e2d8", paper="#fdfcf9", tail="#b4afa3",
    in_house="#6b6860", not_spent="#938f84", unplaced="#c9c4b8", incumbent=INCUMBENT, gainers=GAINERS,
    worded=("#bd5300", "#0072b1", "#00835f", "#9f5e82", "#996a00", "#3a799d"),
)  # fmt: skip
DARK = Style(
    mode="dark", ink="#eceae5", muted="#a09d96", faint="#74726d", grid="#2c2e35", paper="#15161a", tail="#6c6b68",
    in_house="#a3a099", not_spent="#817f7a", unplaced="#53524f", incumbent="#f0884a",
    gainers=("#4aa3dc", "#2bbf94", "#d994bb", "#ecb13a", "#8fcdf0"),
    # All but the same, but told apart from them where a picture is drawn in the colours of the other mode.
    worded=("#f0884b", "#4aa3dd", "#2bbf95", "#d994bc", "#ecb13b", "#8fcdf1"),
)  # fmt: skip


def style_for(mode: str | None) -> Style:
    """Return the colours of a mode; light when the browser has not said."""
    return DARK if mode == "dark" else LIGHT


def vendor_colours(style: Style, incumbent: str, gainers: Iterable[str]) -> Mapping[str, str]:
    """Return the colour of the incumbent, of the biggest gainers and of the reserved destinations."""
    reserved = {"in_house": style.in_house, "not_spent": style.not_spent, "unplaced": style.unplaced}
    return {incumbent: style.incumbent, **reserved, **dict(zip(gainers, style.gainers, strict=False))}


def chart_config(style: Style) -> dict[str, Any]:
    """Return the Vega-Lite configuration that every chart carries."""
    axis = {
        "labelColor": style.muted, "titleColor": style.muted, "gridColor": style.grid, "domainColor": style.faint,
        "tickColor": style.faint, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
        "titlePadding": 8, "labelPadding": 6, "ticks": False, "domain": False,
    }  # fmt: skip
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        # A mark says what its chart gives it to say: the browser would add raw numbers as a tooltip and as a text for
        # every point. Whoever cannot see the picture has its description, its finding and its table.
        "mark": {"tooltip": None, "aria": False},
        "axis": axis,
        "text": {"color": style.ink, "fontSize": 12.5, "font": FONT},
        "rule": {"color": style.faint},
    }
