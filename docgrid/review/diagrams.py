"""Diagrams as inline SVG: numbers alone are drawn, never a text of a document."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

BINS = 10
_SIDE, _LEFT, _BOTTOM = 240, 34, 26  # pixels
_COUNTS = 36  # height of the strip of counts above the square


def reliability_svg(confidences: Sequence[float], right: Sequence[bool]) -> str:
    """A reliability diagram: share of right values by confidence, in ten bins, with how many predictions each bin holds.

    Args:
        confidences: [P] in 0..1.
        right: [P].
    """
    which = np.clip((np.array(confidences, float) * BINS).astype(int), 0, BINS - 1)
    counts = np.bincount(which, minlength=BINS)
    hits = np.bincount(which, weights=np.array(right, float), minlength=BINS)
    means = np.bincount(which, weights=np.array(confidences, float), minlength=BINS)
    step, most = _SIDE / BINS, max(int(counts.max(initial=0)), 1)
    parts = []
    for row in range(BINS):
        if not counts[row]:
            continue
        left, share, mean = _LEFT + row * step, hits[row] / counts[row], means[row] / counts[row]
        said = f"confidence {mean:.2f}, right {share:.2f}, {counts[row]} predictions"
        parts.append(_bar(left, _COUNTS + _SIDE * (1 - share), step, _SIDE * share, "#1f77dc", said))
        height = (_COUNTS - 8) * counts[row] / most
        parts.append(_bar(left, _COUNTS - 4 - height, step, height, "#8888", said))
        x = _LEFT + _SIDE * mean
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_COUNTS}" y2="{_COUNTS + _SIDE}" stroke="#d9480f" stroke-dasharray="2 3"/>'
        )
    return _framed(parts, "confidence", "share that is right", diagonal=True)


def curve_svg(sizes: Sequence[int], figures: Sequence[tuple[float, float, float]]) -> str:
    """A learning curve: figure against number of documents (logarithmic), with its interval.

    Args:
        sizes: [N] documents, increasing.
        figures: [N] low, figure, high, each in 0..1.
    """
    logs = np.log(np.maximum(np.array(sizes, float), 1))
    spread = max(float(logs[-1] - logs[0]), 1e-6) if len(logs) else 1.0
    xs = [_LEFT + _SIDE * (0.06 + 0.88 * float(value - logs[0]) / spread) for value in logs]
    parts, points = [], []
    for x, size, (low, middle, high) in zip(xs, sizes, figures, strict=True):
        top, y, bottom = (_COUNTS + _SIDE * (1 - value) for value in (high, middle, low))
        points.append(f"{x:.1f},{y:.1f}")
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}" stroke="#1f77dc" stroke-width="2"/>')
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#1f77dc"><title>{size}: {middle:.3f}</title></circle>')
        parts.append(f'<text x="{x:.1f}" y="{_COUNTS + _SIDE + 12}" text-anchor="middle">{size}</text>')
    parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="#1f77dc"/>')
    return _framed(parts, "documents", "F1", diagonal=False)


def _bar(left: float, top: float, width: float, height: float, colour: str, title: str) -> str:
    place = f'x="{left + 1:.1f}" y="{top:.1f}" width="{width - 2:.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{colour}" fill-opacity="0.75"><title>{title}</title></rect>'


def _framed(parts: Sequence[str], across: str, upwards: str, *, diagonal: bool) -> str:
    width, height = _LEFT + _SIDE + 12, _COUNTS + _SIDE + _BOTTOM + 12
    foot, right = _COUNTS + _SIDE, _LEFT + _SIDE
    ticks = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = foot - share * _SIDE
        ticks.append(f'<line x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#8884"/>')
        ticks.append(f'<text x="{_LEFT - 4}" y="{y + 4:.1f}" text-anchor="end">{share:g}</text>')
        if diagonal:
            ticks.append(f'<text x="{_LEFT + share * _SIDE:.1f}" y="{foot + 12}" text-anchor="middle">{share:g}</text>')
    line = f'<line x1="{_LEFT}" y1="{foot}" x2="{right}" y2="{_COUNTS}" stroke="#8888"/>' if diagonal else ""
    middle = _COUNTS + _SIDE / 2
    names = (
        f'<text x="{(_LEFT + right) / 2}" y="{foot + 28}" text-anchor="middle">{across}</text>'
        f'<text x="10" y="{middle}" text-anchor="middle" transform="rotate(-90 10 {middle})">{upwards}</text>'
    )
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return f"{head}{''.join(ticks)}{line}{''.join(parts)}{names}</svg>"
