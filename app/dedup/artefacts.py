"""Whether words printed twice are an artefact of the page or the writer's own repetition.

An artefact is copied by a machine: it is exact, fills a paragraph of its own, or stands above the
body that it was taken from. What a writer repeats (a quotation, a refrain, a table row, a name of
office) sits inside sentences, in short lines, or with other figures. Two weighted sums say which,
with weights learned from read examples (``repeat_weights``); above nought is an artefact. What speaks
against it is not learned but set: a machine changes no figure, and a poem taken for furniture is the
worse error.
"""

import re
from math import log2

from app.dedup import repeat_weights
from app.dedup.model import RepeatKind, Role, Span
from app.dedup.printings import SHORTEST, Printing
from app.dedup.retelling import LONGEST
from app.dedup.signals import Setting, Signals, figures, measure, places, role

MOST_PLACES = 4
"""What stands more often is a refrain, a table or a form."""
_CLEARLY_FULLER = 0.15
_OTHER_FIGURES, _LISTED, _HEADING, _NAME, _ASKED, _QUOTATION = 6.0, 8.0, 2.0, 3.0, 6.0, 1.0
_NAMED = 1.5
"""What a passage's role adds for a caption or a standfirst."""
_SEEN = 240
"""Characters at either end of a run that are searched for marks of furniture and captions."""
_BEHIND = 8

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
    below = setting.layout.span(run.b_start, run.b_end).end
    marks += setting.text[below - 1 : below + _BEHIND]
    if _furniture(setting, run, signals, marks):
        return RepeatKind.FURNITURE
    if signals.tabular:
        return None
    caption = Role.CAPTION in roles or bool(_CAPTION.search(marks))
    score = _score(signals)
    if caption or roles[0] is Role.STANDFIRST:
        score += _NAMED
    if score <= 0 or places(setting.words, run) > MOST_PLACES:
        return None
    if caption:
        return RepeatKind.CAPTION
    if roles == (Role.HEADLINE, Role.HEADLINE) and max(signals.upper_fills, signals.lower_fills) == 1:
        return RepeatKind.HEADLINE
    several = setting.layout.paragraphs(run.a_start, run.a_end) > 1
    block = several and min(signals.upper_fills, signals.lower_fills) > 1 - _CLEARLY_FULLER
    if signals.high and not block and signals.length <= LONGEST:
        return RepeatKind.STANDFIRST
    fuller = abs(signals.upper_fills - signals.lower_fills)
    return RepeatKind.BLOCK if fuller < _CLEARLY_FULLER else RepeatKind.PULLQUOTE


def is_standfirst(setting: Setting, run: Printing) -> bool:
    """Whether a paragraph that the body says again is a standfirst and no row of a list or a table."""
    signals = measure(setting, run)
    if not signals.high or signals.among_short or objection(signals) > 0:
        return False
    return role(setting, run.b_start, run.b_end) in {Role.BODY, Role.STANDFIRST, None}


def upper_goes(setting: Setting, run: Printing, kind: RepeatKind) -> bool:
    """Whether the upper printing is the one to take out.

    Of what also stands alone the sentence in its paragraph stays.
    """
    layout = setting.layout
    fuller = layout.share(run.a_start, run.a_end) - layout.share(run.b_start, run.b_end)
    return kind is not RepeatKind.BLOCK and fuller >= _CLEARLY_FULLER


def above_body(signals: Signals) -> dict[str, float]:
    """What is weighed of a run whose upper printing stands where a standfirst does."""
    return {
        "length": _length(signals),
        "upper_fills": signals.upper_fills,
        "lower_fills": signals.lower_fills,
        "from_start": signals.from_start,
        "edges": signals.edges,
        "edited": signals.edited,
        "cited": signals.cited,
    }


def elsewhere(signals: Signals) -> dict[str, float]:
    """What is weighed of any other run."""
    return {
        "length": _length(signals),
        "stands_alone": signals.stands_alone,
        "cited": signals.cited,
    }


def _length(signals: Signals) -> float:
    """Doublings of the shortest run; a machine may copy more, but no more is told by it."""
    return log2(min(signals.length, 64) / SHORTEST)


def objection(signals: Signals) -> float:
    """What speaks against an artefact whatever the sum says; nought on most pages."""
    return (
        _OTHER_FIGURES * signals.other_figures
        + _LISTED * signals.listed
        + _HEADING * signals.heading
        + _NAME * signals.name
        + _ASKED * signals.asked
        + _QUOTATION * signals.quotation
    )


def _score(signals: Signals) -> float:
    weights = repeat_weights.ABOVE_BODY if signals.high else repeat_weights.ELSEWHERE
    named = above_body(signals) if signals.high else elsewhere(signals)
    total = weights["intercept"] + sum(weights[name] * value for name, value in named.items())
    return total - objection(signals)


def _furniture(setting: Setting, run: Printing, signals: Signals, marks: str) -> bool:
    """Whether a widget's words or a list of links stand in the run, and no row of figures."""
    inline = not signals.among_short and max(signals.upper_fills, signals.lower_fills) < 0.6
    if not (_MARKED.search(marks) or (inline and _LINKS.search(marks))):
        return False
    return 4 * len(figures(setting.words, run.a_start, run.a_end)) <= signals.length


def _ends(text: str, span: Span) -> str:
    close = span.end + _BEHIND
    if close - span.start <= 2 * _SEEN:
        return text[span.start : close]
    return f"{text[span.start : span.start + _SEEN]}\n{text[close - _SEEN : close]}"
