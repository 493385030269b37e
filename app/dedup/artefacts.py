"""Whether words printed twice are an artefact of the page or the writer's own repetition.

An artefact is copied by a machine: it is exact, fills a paragraph of its own, or stands above the
body that it was taken from. What a writer repeats (a quotation, a refrain, a table row, a name of
office) sits inside sentences, in short lines, or with other figures. Two weighted sums say which;
the weights are rounded from logistic regressions over some 350 read examples in thirty languages
and stand here as plain numbers. Above nought is an artefact. Other figures and short lines weigh
more than was fitted: a machine changes no figure, and a poem taken for furniture is the worse error.
"""

import re
from math import log2

from app.dedup.model import RepeatKind, Role, Span
from app.dedup.printings import SHORTEST, Printing
from app.dedup.signals import Setting, Signals, figures, measure, places, role

MOST_PLACES = 4
"""What stands more often is a refrain, a table or a form."""
LONGEST_STANDFIRST = 130
_HEAD = 45
"""A standfirst has at most so many other words above it."""
_CLEARLY_FULLER = 0.15
_NAMED = 1.5
"""What a passage's role adds for a caption or a standfirst."""
_SEEN = 240
"""Characters at either end of a run that are searched for marks of furniture and captions."""

_MARKED = re.compile(
    r"\b(?:Hide Caption|Photos: Photos:|Media playback is|RELATED:|READ MORE|ALSO READ|MORE \()"
)
_LINKS = re.compile(r"\w \| \w")
_CAPTION = re.compile(
    r"\b(?:AP|Reuters|AFP|EPA|Getty|ANI|PTI|TASS|dpa)[ /]+(?:Photo|Images?|File)\b|\bFILE [-–—]"
    r"|\bfile photo\b|\b(?:Photo|Image|Picture)(?: Credit)?(?:s|graph)?(?: by|:)|\bFoto: |\bФото: ?"
    r"|写真|صور[ةه]? ",
    re.IGNORECASE,
)


def judge(setting: Setting, run: Printing) -> RepeatKind | None:
    """Which artefact the run is; nothing if its words are the writer's own, and stay."""
    roles = role(setting, run.a_start, run.a_end), role(setting, run.b_start, run.b_end)
    if roles == (Role.FURNITURE, Role.FURNITURE):
        return RepeatKind.FURNITURE
    signals = measure(setting, run)
    if signals.length < SHORTEST:
        return None
    marks = _ends(setting.text, setting.layout.span(run.a_start, run.a_end))
    if _furniture(setting, run, signals, marks):
        return RepeatKind.FURNITURE
    if signals.tabular:
        return None
    caption = Role.CAPTION in roles or bool(_CAPTION.search(marks))
    high = signals.above <= _HEAD
    score = _above_body(signals) if high else _elsewhere(signals)
    if caption or roles[0] is Role.STANDFIRST:
        score += _NAMED
    if score <= 0 or places(setting.words, run) > MOST_PLACES:
        return None
    if caption:
        return RepeatKind.CAPTION
    several = setting.layout.paragraphs(run.a_start, run.a_end) > 1
    block = several and min(signals.upper_fills, signals.lower_fills) > 1 - _CLEARLY_FULLER
    if high and not block and run.a_end - run.a_start <= LONGEST_STANDFIRST:
        return RepeatKind.STANDFIRST
    fuller = abs(signals.upper_fills - signals.lower_fills)
    return RepeatKind.BLOCK if fuller < _CLEARLY_FULLER else RepeatKind.PULLQUOTE


def upper_goes(setting: Setting, run: Printing, kind: RepeatKind) -> bool:
    """Whether the upper printing is the one to take out.

    The body's stays of a standfirst, and the sentence in its paragraph of what also stands alone.
    """
    if kind is RepeatKind.STANDFIRST:
        return True
    layout = setting.layout
    fuller = layout.share(run.a_start, run.a_end) - layout.share(run.b_start, run.b_end)
    return kind is not RepeatKind.BLOCK and fuller >= _CLEARLY_FULLER


def _above_body(signals: Signals) -> float:
    return (
        -3.2
        + 1.8 * log2(min(signals.length, 64) / SHORTEST)
        + 3.0 * signals.upper_fills
        + 1.0 * signals.lower_fills
        + 1.0 * signals.edges
        - 0.5 * signals.distance
        - 1.0 * signals.edited
        - 6.0 * signals.other_figures
        - 3.0 * signals.listed
        - 2.0 * signals.heading
    )


def _elsewhere(signals: Signals) -> float:
    return (
        -3.3
        + 0.5 * log2(min(signals.length, 64) / SHORTEST)
        + 4.6 * signals.stands_alone
        - 2.0 * signals.edited
        - 4.0 * signals.other_figures
        - 3.5 * signals.listed
        - 2.0 * signals.heading
        - 1.0 * signals.cited
    )


def _furniture(setting: Setting, run: Printing, signals: Signals, marks: str) -> bool:
    """Whether a widget's words or a list of links stand in the run, and no row of figures."""
    if 4 * len(figures(setting.words, run.a_start, run.a_end)) > signals.length:
        return False
    inline = not signals.among_short and max(signals.upper_fills, signals.lower_fills) < 0.6
    return bool(_MARKED.search(marks) or (inline and _LINKS.search(marks)))


def _ends(text: str, span: Span) -> str:
    close = span.end + 8
    if close - span.start <= 2 * _SEEN:
        return text[span.start : close]
    return f"{text[span.start : span.start + _SEEN]}\n{text[close - _SEEN : close]}"
