"""Precision and recall of every method on one set, as a small SVG."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from measures import Curve

SIDE = 300
LEFT, TOP, GAP, LEGEND = 46, 34, 58, 24
# Okabe and Ito's colours, for colour-blind readers; grey and brown stand for yellow, which white swallows.
COLOURS = ("#000000", "#0072b2", "#56b4e9", "#009e73", "#d55e00", "#cc79a7", "#e69f00", "#8c8c8c", "#7b3f00")


def draw(panels: Mapping[str, Mapping[str, Curve | tuple[float, float]]], methods: Sequence[str]) -> str:
    """One square a set, two in a row; a line a method, a dot where it has one setting only."""
    colours = dict(zip(methods, COLOURS[: len(methods)], strict=True))
    rows = -(-len(panels) // 2)
    width = 2 * (SIDE + GAP) + LEFT
    base = rows * (SIDE + TOP + GAP)
    height = base + LEGEND * -(-len(methods) // 3) + 10
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            ' font-family="sans-serif" font-size="11">'
        ),
        "<title>Precision and recall of each method</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for place, (name, lines) in enumerate(panels.items()):
        x, y = LEFT + (place % 2) * (SIDE + GAP), TOP + (place // 2) * (SIDE + TOP + GAP)
        parts += [f'<g transform="translate({x},{y})">', *_axes(name)]
        for method, line in lines.items():
            parts.append(_line(line, colours[method], 2.4 if method == methods[0] else 1.4))
        parts.append("</g>")
    for place, method in enumerate(methods):
        x, y = LEFT + (place % 3) * (width // 3 - 10), base + (place // 3) * LEGEND
        parts.append(f'<rect x="{x}" y="{y}" width="14" height="4" fill="{colours[method]}"/>')
        parts.append(f'<text x="{x + 20}" y="{y + 6}">{escape(method)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _axes(name: str) -> list[str]:
    parts = [f'<text x="0" y="-12" font-size="13" font-weight="bold">{escape(name)}</text>']
    for tenth in range(0, 11, 2):
        at = SIDE * tenth / 10
        parts.append(
            f'<path d="M0 {SIDE - at:g}H{SIDE}M{at:g} 0V{SIDE}" stroke="#ddd" fill="none"/>'
            f'<text x="-6" y="{SIDE - at + 4:g}" text-anchor="end">{tenth / 10:.1f}</text>'
            f'<text x="{at:g}" y="{SIDE + 14}" text-anchor="middle">{tenth / 10:.1f}</text>'
        )
    parts.append(f'<text x="{SIDE / 2}" y="{SIDE + 30}" text-anchor="middle">recall</text>')
    turned = f'y="{SIDE / 2}" transform="rotate(-90 -32 {SIDE / 2})"'
    parts.append(f'<text x="-32" {turned} text-anchor="middle">precision</text>')
    return parts


def _line(line: Curve | tuple[float, float], colour: str, width: float) -> str:
    if not isinstance(line, Curve):
        recall, precision = line
        return f'<circle cx="{SIDE * recall:.1f}" cy="{SIDE * (1 - precision):.1f}" r="4" fill="{colour}"/>'
    points: list[str] = []
    for recall, precision in zip(line.recall.tolist(), line.precision.tolist(), strict=True):
        point = f"{SIDE * recall:.0f},{SIDE * (1 - precision):.0f}"
        if not points or points[-1] != point:
            points.append(point)
    drawn = " ".join(points)
    return f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
