"""One comparison becomes a decision, with the rule that made it and reasons a person can check.

First whether the two are one story (a logistic function of the signals, or a rule where a fact
settles it), then how they are related. Total: every pair gets an answer.
"""

import math
from operator import mul

from app.dedup.evidence import signals
from app.dedup.model import Comparison, Decision, Facts, Relation, RevisionKind, TagKind, WireTag
from app.dedup.policy import Policy

_SURE = 0.985
_EQUAL = 0.998
"""All of 472 labelled pairs of equal words are one story. More than most pairs reach by what they share: a
copy goes to the text whose very words it has before it goes to others that carry the same block."""
_DECLARED = 0.95
_WITHDRAWAL_HOURS = 24 * 14
_STRANGERS_HOURS = 24 * 3
_NOTICE_WORDS = 100
_LESS = 0.02
_CLOCKS_S = 3 * 3600
"""By how much dates of one desk may be off."""
_TAKE_HOURS = 36
_LIGHT_EDIT_HOURS = 48
_TAKES = {TagKind.UPDATE, TagKind.CORRECTION, TagKind.REFILE, TagKind.REPEAT}
_REVISIONS = {
    TagKind.UPDATE: RevisionKind.UPDATE,
    TagKind.CORRECTION: RevisionKind.CORRECTION,
    TagKind.REFILE: RevisionKind.REFILE,
    TagKind.REPEAT: RevisionKind.REPEAT,
    TagKind.WITHDRAWAL: RevisionKind.WITHDRAWAL,
}


def decide(c: Comparison, facts_a: Facts, facts_b: Facts, policy: Policy) -> Decision:
    """What ``a`` (arriving) is to ``b`` (stored); ``new`` where they share nothing worth a word."""
    named = signals(c)
    probability, rule = _same_story(c, named, policy)
    taken_back = _withdraws(c, facts_a, facts_b) or _withdraws(c, facts_b, facts_a, story_arrives=True)
    if taken_back:
        probability, rule = taken_back, "withdrawal-notice"
    elif _are_two_notices(c, facts_a, facts_b):
        probability, rule = 0.0, "other-notice"
    elif probability < _DECLARED and (_continues(c, facts_a) or _continues(c, facts_b)):
        probability, rule = _DECLARED, "declared-revision"
    relation, kind, why = (
        _related(c, facts_a, facts_b, policy) if probability >= policy.join_at else _apart(c, policy)
    )
    return Decision(
        relation=relation,
        revision_kind=kind,
        probability=probability,
        rule=f"{rule}/{why}",
        reasons=_reasons(c),
        signals=named,
    )


def weight(decision: Decision, policy: Policy) -> float:
    """Log-odds, against the policy's bound, that the two are one story. Bounded: see below."""
    odds = _logit(decision.probability) - _logit(policy.join_at)
    # One pair may not outvote three that disagree with it (a roundup, a template, a drift).
    return max(-4.0, min(6.0, odds))


def _logit(probability: float) -> float:
    inside = max(1e-6, min(1 - 1e-6, probability))
    return math.log(inside / (1 - inside))


def _same_story(c: Comparison, named: dict[str, float], policy: Policy) -> tuple[float, str]:
    if min(c.words_a, c.words_b) == 0:
        return 0.0, "no-text"
    total = policy.intercept + sum(map(mul, map(policy.weights.__getitem__, named), named.values()))
    probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    if _same_words(c) and c.numbers_differ == 0:
        # Not below what the signals say of them: of two stories, who sends one's very words is in that one.
        return max(_EQUAL, probability), "same-words"
    if min(c.words_a, c.words_b) < policy.least_words:
        return 0.0, "too-short"
    if probability < _DECLARED and _lightly_edited(c, policy):
        return _DECLARED, "light-edit"
    return probability, "signals"


def _same_words(c: Comparison) -> bool:
    """Whether nothing tells the texts apart; alignment cannot say so of the shortest, which have no run."""
    return c.jaccard == 1.0 and c.words_a == c.words_b


def _lightly_edited(c: Comparison, policy: Policy) -> bool:
    """A word or two changed within two days, and none of them a number, a name or a day.

    Where letters have no case a changed name cannot be seen: there the signals decide.
    """
    return (
        min(c.aligned_a, c.aligned_b) >= policy.light_edit
        and c.names_shared is not None
        and c.numbers_differ == c.names_differ == c.dates_differ == 0
        and (c.hours_apart is None or c.hours_apart <= _LIGHT_EDIT_HOURS)
    )


def _withdraws(c: Comparison, notice: Facts, story: Facts, *, story_arrives: bool = False) -> float:
    """How surely a notice takes a story back: it quotes its headline, soon and exactly, or from its desk.

    0 where it does not. What comes after the notice is another story under the same headline. Of several
    before it the last is the likeliest, its own desk's rather than another's, and one from before rather
    than one that only clocks, or no date, may have put there. Where two are as likely, nobody can tell
    which it means.
    """
    if not notice.withdraws or _comes_after(story, notice):
        return 0.0
    same_desk = c.same_source or c.same_agency is True
    likeness, within = (0.8, _WITHDRAWAL_HOURS) if same_desk else (0.95, _STRANGERS_HOURS)
    hours = 0.0 if c.hours_apart is None else c.hours_apart
    if c.title_likeness < likeness or hours > within:
        return 0.0
    dated = c.hours_apart is not None
    told = _SURE - (_SURE - _DECLARED) * hours / _WITHDRAWAL_HOURS if dated else _DECLARED
    afterwards = _comes_after(story, notice, by_s=0) if dated else story_arrives
    return told - _LESS * afterwards - 2 * _LESS * (not same_desk)


def _are_two_notices(c: Comparison, facts_a: Facts, facts_b: Facts) -> bool:
    """Whether both take a story back, in the words that a desk always has for it, and name different ones."""
    are_notices = facts_a.withdraws and facts_b.withdraws
    return are_notices and c.title_likeness < 0.6 and max(c.words_a, c.words_b) <= _NOTICE_WORDS


def _comes_after(story: Facts, notice: Facts, by_s: float = _CLOCKS_S) -> bool:
    if story.published_at is None or notice.published_at is None:
        return False
    return story.published_at > notice.published_at + by_s


def _continues(c: Comparison, facts: Facts) -> bool:
    """A tagged next take: a desk that says UPDATE keeps headline and opening within the day."""
    return (
        facts.tag is not None
        and facts.tag.kind in _TAKES
        and c.title_likeness >= 0.6
        and max(c.lead_a, c.lead_b) >= 0.35
        and (c.same_source or c.same_agency is True)
        and c.same_place is not False
        and c.dates_differ == 0
        and (c.hours_apart is None or c.hours_apart <= _TAKE_HOURS)
    )


def _related(
    c: Comparison, facts_a: Facts, facts_b: Facts, policy: Policy
) -> tuple[Relation, RevisionKind | None, str]:
    declared = _declared(facts_a.tag, facts_b.tag)
    if declared is not None:
        return Relation.REVISION, declared, "declared"
    whole_a, whole_b = c.aligned_a >= policy.whole, c.aligned_b >= policy.whole
    if c.negations_differ or c.numbers_differ:
        kind = RevisionKind.CORRECTION if whole_a and whole_b else RevisionKind.UPDATE
        return Relation.REVISION, kind, "negation-changed" if c.negations_differ else "numbers-changed"
    if whole_b and c.words_b <= policy.grown * c.words_a and _next_take(c, facts_a, facts_b):
        return Relation.REVISION, RevisionKind.UPDATE, "grown-at-its-desk"
    if whole_a and c.words_a <= policy.cut * c.words_b:
        return Relation.EXCERPT, None, "stands-wholly-in-the-other"
    if whole_b and c.words_b <= policy.cut * c.words_a:
        return Relation.EXCERPT, None, "holds-the-other-wholly"
    if _same_words(c) or min(c.aligned_a, c.aligned_b) >= policy.same_length or (whole_a and whole_b):
        return Relation.COPY, None, "same-text"
    shorter_aligned = c.aligned_a if c.words_a <= c.words_b else c.aligned_b
    if shorter_aligned >= policy.whole:
        return Relation.COPY, None, "same-text-and-more"
    return Relation.REVISION, RevisionKind.UPDATE, "text-changed"


def _next_take(c: Comparison, facts_a: Facts, facts_b: Facts) -> bool:
    """Whether the arriving text is the same desk's, and known to be the later one."""
    if not c.same_source or facts_a.published_at is None or facts_b.published_at is None:
        return False
    return facts_a.published_at > facts_b.published_at


def _declared(tag_a: WireTag | None, tag_b: WireTag | None) -> RevisionKind | None:
    """The kind that the arriving text's tag declares, unless the other carries the same tag."""
    if tag_a is None or tag_a == tag_b:
        return None
    return _REVISIONS.get(tag_a.kind)


def _apart(c: Comparison, policy: Policy) -> tuple[Relation, RevisionKind | None, str]:
    form = min(1.0, max(c.aligned_a, c.aligned_b))
    other_facts = c.numbers_differ + c.names_differ + c.dates_differ
    if form >= policy.template_form and other_facts >= 2 and min(c.aligned_a, c.aligned_b) >= 0.15:
        return Relation.TEMPLATE, None, "same-form-other-facts"
    if form >= policy.template_form and max(c.words_a, c.words_b) <= policy.sentence_words:
        return Relation.TEMPLATE, None, "one-sentence-form"
    if c.longest_run >= policy.passage_words or c.containment >= 0.1:
        return Relation.PASSAGES, None, "shared-passage"
    return Relation.NEW, None, "nothing-shared"


def _reasons(c: Comparison) -> tuple[str, ...]:
    said = [
        f"{c.aligned_a:.0%} of its words stand in order in the other, {c.aligned_b:.0%} of the other's in it",
        f"{max(c.lead_a, c.lead_b):.0%} of a lead is shared",
        f"the longest shared run has {c.longest_run} words",
    ]
    if c.numbers_differ:
        said.append(
            f"numbers that differ where the texts are aligned: {c.numbers_differ};"
            f" that agree: {c.numbers_agree}"
        )
    if c.names_differ:
        said.append(f"names exchanged: {c.names_differ}")
    if c.dates_differ:
        said.append(f"days or months that differ: {c.dates_differ}")
    if c.negations_differ:
        said.append("a negation came or went")
    if c.title_likeness >= 0.5:
        said.append(f"the headlines share {c.title_likeness:.0%} of their words")
    if c.hours_apart is not None:
        said.append(f"published {c.hours_apart:.1f} hours apart")
    return tuple(said)
