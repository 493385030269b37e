"""Verdicts on pairs of texts, told as an editor would."""

import pytest

from app.dedup.clean import clean
from app.dedup.compare import compare
from app.dedup.decide import decide
from app.dedup.fingerprint import take_fingerprint
from app.dedup.model import Decision, Facts, Page, Relation
from app.dedup.outline import draw_outline
from app.dedup.policy import STANDARD as POLICY
from app.dedup.profile import STANDARD

BRIEF = (
    "Velden and Karsa agreed on Tuesday to reopen the river crossing at Orrin, the first result of talks "
    "that have gone on since the spring floods."
)
ROUNDED_UP = (
    "At least 19 people were hurt when a tram left its rails at the main station of Halm, police said.\n\n"
    "The steelmaker Norrland will buy its rival Ostberg for 1.2 billion crowns, its largest deal to date.\n\n"
    "Scientists in Lisbon have described a species of squid that lives 2,300 metres below the sea.\n\n"
    "Rain is expected in the hills, with sun along the coast for most of the afternoon and evening."
)

ARABIC = (
    "قال الوزير إن الميناء {} يغلق قبل نهاية العام الجاري حسب ما أفاد به مكتب الميناء في المدينة "
    "وأضاف الوزير أن العمال سيبلغون بالقرار قبل بداية الشهر القادم وأن السفن ستواصل الرسو حتى ذلك الحين"
)


def judged(
    new: str, old: str, titles: tuple[str, str] = ("", ""), hours: float = 2.0, source: str = "two"
) -> Decision:
    pages = (Page(new, titles[0]), Page(old, titles[1]))
    a, b = (draw_outline(take_fingerprint(clean(page), STANDARD)) for page in pages)
    facts_a, facts_b = Facts(source, published_at=3600 * hours), Facts("one", published_at=0.0)
    return decide(compare(a, b, facts_a, facts_b), facts_a, facts_b, POLICY)


@pytest.mark.parametrize(
    ("told", "denial"),
    [
        (
            "The minister said the port will {} be closed before the end of the year, the harbour office added.",
            "not",
        ),
        (
            "El ministro dijo que el puerto {} cerrará antes de fin de año, según informó la oficina del puerto.",
            "no",
        ),
        (
            "Le ministre a dit que le port {} fermera pas avant la fin de la semaine, selon la capitainerie.",
            "ne",
        ),
        (
            "Der Minister sagte, der Hafen werde in diesem Jahr {} geschlossen, wie das Hafenamt am Abend vor den Reedern mitteilte.",
            "nicht",
        ),
        (
            "O ministro disse que o porto {} fechará antes do fim do ano, informou a capitania do porto.",
            "não",
        ),
        (
            "Il ministro ha detto che il porto {} chiuderà prima della fine del mese, secondo la capitaneria.",
            "non",
        ),
        ("Министр сказал, что порт до конца года {} закроют, сообщили в управлении порта города.", "не"),
        (ARABIC, "لن"),
        ("部长表示，港口在今年年底之前将{}关闭，港务局同时向记者通报了有关情况。", "不"),
        ("大臣は、港は今年の末までに閉鎖され{}と述べ、港湾局もこの方針を記者団に説明した。", "ない"),
    ],
)
def test_a_lost_not_is_a_revision_in_ten_languages(told, denial):
    text = "\n".join((told.format(denial), told.format("").replace("  ", " ")))
    story, turned = text.split("\n")
    decision = judged(turned, story)
    assert decision.relation is Relation.REVISION
    assert decision.rule.endswith("negation-changed")
    assert judged(story, story).relation is Relation.COPY


def test_a_brief_inside_a_roundup_is_a_passage():
    roundup = f"{BRIEF}\n\n{ROUNDED_UP}"
    decision = judged(
        roundup, BRIEF, ("Your Tuesday briefing", "Velden and Karsa to reopen crossing at Orrin")
    )
    assert decision.relation is Relation.PASSAGES


@pytest.mark.parametrize("same_desk", [False, True])
def test_what_two_desks_long_accounts_share_says_less_than_what_short_ones_do(same_desk):
    """A desk's own next account of the matter is another question."""
    taken = f"On Tuesday the river crossing at Orrin was the first result of the talks. {BRIEF[:60]} end it."
    a, b = (draw_outline(take_fingerprint(clean(Page(text)), STANDARD)) for text in (taken, BRIEF))
    facts = Facts("one"), Facts("one" if same_desk else "two")
    c = compare(a, b, *facts)
    short, long = (
        decide(c._replace(words_a=words, words_b=words), *facts, POLICY).probability for words in (140, 700)
    )
    assert (long == short) if same_desk else (long < short)


def test_alerts_of_one_form_about_two_places_stay_apart():
    form = "{} court to hear the challenge to the administration's definition of a close family tie today."
    decision = judged(
        form.format("Oslund state files; high"), form.format("Norrland's highest"), source="one"
    )
    assert not decision.relation.joins


def test_a_text_and_its_translation_stay_apart():
    spanish = (
        "Velden y Karsa acordaron el martes reabrir el paso del río en Orrin, el primer resultado de unas "
        "conversaciones que duran desde las inundaciones de la primavera."
    )
    assert judged(spanish, BRIEF, ("Velden, Karsa: Orrin", "Velden, Karsa: Orrin")).relation is Relation.NEW


@pytest.mark.parametrize("text", ["", "…", "Fog.", "Fog in the harbour.", "港口关闭", "Фото"])
def test_next_to_nothing_matches_nothing_but_itself(text):
    assert not judged(text, BRIEF).relation.joins
    assert not judged(text, "Fog in the hills.").relation.joins


@pytest.mark.parametrize(
    "text", ["Prime minister Ola Aas resigns.", "Fire closes the harbour of Velden.", "港口今日关闭"]
)
def test_an_alert_in_the_same_words_is_a_copy(text):
    assert judged(text, text).relation is Relation.COPY


def test_a_page_of_twenty_thousand_words_holds_every_word_of_a_brief_and_is_another_story():
    words = BRIEF.replace(",", "").replace(".", "").split()
    page = ". ".join(" ".join(words[(i * 7 + j * 5) % len(words)] for j in range(9)) for i in range(2300))
    assert not judged(page, BRIEF).relation.joins


def test_a_desks_later_and_longer_text_is_an_update_and_another_desks_holds_an_excerpt():
    story = BRIEF + " The first ferries will carry lorries and buses only, the two harbour offices said."
    longer = story + (
        " Farmers on both banks have asked for a bridge since the old one was swept away. Karsa's council will "
        "vote on the money for it in the autumn, and Velden has put aside a share of its own."
    )
    titles = ("Velden and Karsa reopen crossing at Orrin", "Velden and Karsa to reopen crossing at Orrin")
    assert judged(longer, story, titles, source="one").relation is Relation.REVISION
    assert judged(longer, story, titles, source="two").relation is Relation.EXCERPT
    assert judged(story, longer, titles, source="one").relation is Relation.EXCERPT


def test_a_sentence_lightly_edited_stays_one_story_and_with_another_name_becomes_two():
    told = "Mira Stolz has been elected head of the harbour council of Velden after a long night of voting."
    assert judged(told.replace("a long night", "one long night"), told).relation is Relation.COPY
    assert not judged(told.replace("Mira Stolz", "Jonas Feld"), told, hours=40).relation.joins


def test_a_changed_number_is_a_correction_and_says_so():
    story = BRIEF + " It is 3,700 metres from either town, and 14 ferries will serve it from Friday on."
    decision = judged(story.replace("3,700", "3,770"), story)
    assert decision.relation is Relation.REVISION
    assert any("numbers that differ" in reason for reason in decision.reasons)
