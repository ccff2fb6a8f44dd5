"""Drawings as SVG, by hand: boxes with wrapped text, arrows, and nothing a printer would not understand.

Lengths are CSS pixels; a full drawing is as wide as the text of an A4 page. Every text is escaped.
"""

from __future__ import annotations

from markupsafe import Markup

from eco_rules.source import display_width

WIDTH = 660
LEFT, MIDDLE, RIGHT = 170.0, 240.0, 150.0
"""Columns of a flow picture: exceptions, rules or stages, outcomes; and the gap between them."""
GAP = (WIDTH - LEFT - MIDDLE - RIGHT) / 2
MIDDLE_X = LEFT + GAP
RIGHT_X = WIDTH - RIGHT
INNER = 2 * 9.0
"""What the walls of a box take from its width."""
SIZE = 12
LINE = 17
_PAD = 7
_BETWEEN = 5
_OPENING, _CLOSING = "（“《〔", "，。；：、）”》〕"


def measure(text: str, size: float = SIZE) -> float:
    """How wide a text is: a full-width character is as wide as it is high, a Latin one a little over half."""
    return display_width(text) * size * 0.53


def wrap(text: str, width: float, most: int = 3, size: float = SIZE) -> list[str]:
    """Lines that fit into `width`; what does not fit into `most` lines ends in an ellipsis."""
    lines, line = [], ""
    for letter in text:
        if line and measure(line + letter, size) > width and letter not in _CLOSING:
            kept = line.rstrip(_OPENING) or line
            lines.append(kept)
            line = line[len(kept) :]
        line += letter
    lines.append(line)
    if len(lines) > most:
        last = lines[most - 1]
        return [*lines[: most - 1], last[: max(1, len(last) - 1)] + "…"]
    return lines


class Drawing:
    """Collects shapes from top to bottom; `svg` is the picture, `label` what it shows in words."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shapes: list[Markup] = []
        self.height = 0.0

    def box(
        self,
        x: float,
        y: float,
        width: float,
        lines: list[str],
        kind: str,
        href: str = "",
        notes: list[str] | None = None,
    ) -> float:
        """A box with its text, `notes` smaller below; returns its height."""
        height = box_height(lines, notes)
        shape = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="3" class="{}"/>').format(
            _n(x), _n(y), _n(width), _n(height), kind
        )
        texts = [
            Markup('<text x="{}" y="{}" class="{}">{}</text>').format(_n(x + _PAD + 2), _n(at), f"t-{kind}", line)
            for line, at in zip(lines, _baselines(y + _PAD, len(lines), LINE), strict=True)
        ]
        below = y + _PAD + LINE * len(lines)
        texts += [
            Markup('<text x="{}" y="{}" class="note">{}</text>').format(_n(x + _PAD + 2), _n(at), line)
            for line, at in zip(notes or [], _baselines(below, len(notes or []), LINE - 2), strict=True)
        ]
        whole = Markup("").join([shape, *texts])
        self._shapes.append(Markup('<a href="{}">{}</a>').format(href, whole) if href else whole)
        self.height = max(self.height, y + height)
        return height

    def listing(self, x: float, y: float, width: float, items: list[tuple[list[str], str]], kind: str) -> float:
        """A box of several entries, each of which may lead somewhere; returns its height."""
        height = listing_height(items)
        self._shapes.append(
            Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="3" class="{}"/>').format(
                _n(x), _n(y), _n(width), _n(height), kind
            )
        )
        top = y + _PAD
        for lines, href in items:
            text = Markup("").join(
                Markup('<text x="{}" y="{}" class="{}">{}</text>').format(_n(x + _PAD + 2), _n(at), f"t-{kind}", line)
                for line, at in zip(lines, _baselines(top, len(lines), LINE), strict=True)
            )
            self._shapes.append(Markup('<a href="{}">{}</a>').format(href, text) if href else text)
            top += LINE * len(lines) + _BETWEEN
        self.height = max(self.height, y + height)
        return height

    def text(self, x: float, y: float, text: str, kind: str = "note", anchor: str = "start") -> None:
        """A line of text that stands alone."""
        self._shapes.append(
            Markup('<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>').format(_n(x), _n(y), kind, anchor, text)
        )
        self.height = max(self.height, y + 4)

    def linked(self, x: float, y: float, text: str, href: str) -> None:
        """A small line of text that leads somewhere."""
        line = Markup('<text x="{}" y="{}" class="small">{}</text>').format(_n(x), _n(y), text)
        self._shapes.append(Markup('<a href="{}">{}</a>').format(href, line) if href else line)
        self.height = max(self.height, y + 4)

    def slanted(self, x: float, y: float, text: str) -> None:
        """A label that rises to the right, so that many stand side by side."""
        self._shapes.append(
            Markup('<text transform="translate({},{}) rotate(-45)" class="day">{}</text>').format(_n(x), _n(y), text)
        )

    def line(self, points: list[tuple[float, float]], kind: str = "line", *, arrow: bool = False) -> None:
        """A line through points, with a head at its end where it is an arrow."""
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._shapes.append(Markup('<polyline points="{}" class="{}"/>').format(path, kind))
        if arrow:
            self._head(points[-2], points[-1], kind)
        self.height = max(self.height, *(y for _, y in points))

    def bar(self, x: float, y: float, width: float, kind: str) -> None:
        """A flat bar of a timeline."""
        self._shapes.append(
            Markup('<rect x="{}" y="{}" width="{}" height="9" class="{}"/>').format(_n(x), _n(y), _n(width), kind)
        )
        self.height = max(self.height, y + 9)

    def _head(self, start: tuple[float, float], end: tuple[float, float], kind: str) -> None:
        (x0, y0), (x, y) = start, end
        dx, dy = _sign(x - x0), _sign(y - y0)
        wing = [(x - 6 * dx - 3 * dy, y - 6 * dy - 3 * dx), (x - 6 * dx + 3 * dy, y - 6 * dy + 3 * dx)]
        points = " ".join(f"{_n(a)},{_n(b)}" for a, b in ((x, y), *wing))
        self._shapes.append(Markup('<polygon points="{}" class="head-{}"/>').format(points, kind))

    def svg(self) -> Markup:
        """The picture."""
        height = _n(self.height + 4)
        start = Markup(
            '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">'
        ).format(WIDTH, height, self._label)
        return start + Markup("\n").join(self._shapes) + Markup("</svg>")


def box_height(lines: list[str], notes: list[str] | None = None) -> float:
    """How high a box is."""
    return 2 * _PAD + LINE * len(lines) + (LINE - 2) * len(notes or [])


def listing_height(items: list[tuple[list[str], str]]) -> float:
    """How high a box of several entries is."""
    return 2 * _PAD + sum(LINE * len(lines) for lines, _ in items) + _BETWEEN * (len(items) - 1)


def _baselines(top: float, count: int, step: float) -> list[float]:
    return [top + step * index + step * 0.74 for index in range(count)]


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
