"""Text printed twice inside one page: what is taken out, what stays."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dedup import printings
from app.dedup.model import Passage, Repeat, RepeatKind, Role, Span
from app.dedup.printings import find_printings
from app.dedup.repeats import find_repeats
from app.dedup.words import tokenise

TITLE = "Harbour board votes to close the northern ferry line in spring"
LEAD = (
    "The harbour board voted on Monday to close the northern ferry line next spring, ending a service "
    "that has carried islanders to market for ninety years and that loses money on every crossing."
)
SECOND = (
    '"Nobody on this board wanted to be the one who did it," chairwoman Ilse Brandt told reporters after the '
    "meeting, which ran past midnight."
)
THIRD = (
    "Residents of the three outer islands said they would challenge the decision in court, arguing that the "
    "concession obliges the operator to sail at least twice a day until it lapses."
)
FOURTH = (
    "The operator said fuel prices had doubled since the last timetable was drawn up, and that fewer than "
    "forty passengers a day had used the line in winter."
)
BODY = f"{LEAD}\n\n{SECOND}\n\n{THIRD}\n\n{FOURTH}"


def repeats_in(text: str, title: str = TITLE, passages: tuple[Passage, ...] = ()) -> tuple[Repeat, ...]:
    return find_repeats(text, tokenise(text), passages, tokenise(title))


def only(text: str, title: str = TITLE) -> Repeat:
    return only_of(repeats_in(text, title))


def only_of(repeats: tuple[Repeat, ...]) -> Repeat:
    (repeat,) = repeats
    return repeat


def cut(text: str, span: Span | None) -> str:
    assert span is not None
    return text[span.start : span.end]


def clean(text: str, title: str = TITLE) -> str:
    for repeat in reversed(repeats_in(text, title)):
        text = text[: repeat.removed.start] + text[repeat.removed.end :]
    return text


def test_a_story_printed_once_has_no_repeats():
    assert repeats_in(f"{TITLE}\n\n{BODY}") == ()


def test_an_aggregator_page_gives_up_its_second_headline_and_its_standfirst():
    standfirst = f"{LEAD} {SECOND}"
    text = f"{TITLE}\n\n{standfirst}\n\n\nCoast Wire | Updated: 02-03-2021\n{TITLE}\n\n{LEAD}\n\n{SECOND} {THIRD}\n\n{FOURTH}"
    first, second = repeats_in(text)
    assert (first.kind, cut(text, first.removed)) == (RepeatKind.STANDFIRST, standfirst)
    assert cut(text, first.kept) == f"{LEAD}\n\n{SECOND}"
    assert (second.kind, second.kept) == (RepeatKind.HEADLINE, Span(0, len(TITLE)))
    assert second.removed.start == text.rindex(TITLE)
    assert first.similarity == second.similarity == 1.0


def test_of_a_short_headline_printed_twice_the_first_stays():
    text = f"Ferry line to close\nStaff reporter\nFerry line to close\n\n{BODY}"
    repeat = only(text, "Ferry line to close")
    assert (repeat.kind, repeat.kept, repeat.removed) == (RepeatKind.HEADLINE, Span(0, 19), Span(35, 54))


def test_headlines_printed_in_one_line_are_told_and_the_first_stays():
    text = f"{TITLE} {TITLE}\n\n{BODY}"
    repeat = only(text)
    assert (repeat.kind, repeat.kept) == (RepeatKind.HEADLINE, Span(0, len(TITLE)))
    assert cut(text, repeat.removed) == TITLE
    assert only(f"{TITLE} {TITLE} {BODY}".replace("\n\n", " ")).kind is RepeatKind.HEADLINE


def test_words_that_stand_twice_in_one_sentence_do_not_go_both():
    text = f"{TITLE} {TITLE}\n\n{BODY}"
    repeat = only(text, title="")
    assert repeat.kept is not None
    assert repeat.removed.end <= repeat.kept.start


@pytest.mark.parametrize(
    ("first", "again"),
    [(f"{TITLE} | Island News", TITLE), (TITLE, f"{TITLE} - Island News"), (f"Ferries: {TITLE}", TITLE)],
)
def test_a_headline_may_have_the_name_of_the_site_in_its_line(first, again):
    text = f"{first}\n\n{again}\n\n{BODY}"
    spans = Span(0, len(first)), Span(len(first) + 2, len(first) + 2 + len(again))
    repeat = only_of(repeats_in(text, TITLE, tuple(Passage(Role.HEADLINE, span) for span in spans)))
    assert (repeat.kind, repeat.kept, repeat.removed) == (RepeatKind.HEADLINE, *spans)


def test_a_first_line_printed_again_is_a_headline_where_no_title_is_known():
    text = f"{TITLE}\n\nBy Jonas Vik\n\n{TITLE}\n\n{BODY}"
    assert only(text, "").kind is RepeatKind.HEADLINE


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\u2029", "\x85"])
def test_a_headline_printed_again_is_found_whatever_ends_its_line(end):
    text = f"{TITLE}{end}By Jonas Vik{end}{TITLE}{end}{BODY}"
    repeat = only(text)
    assert (repeat.kind, repeat.kept) == (RepeatKind.HEADLINE, Span(0, len(TITLE)))
    assert repeat.removed.start == text.rindex(TITLE)


def test_a_first_line_that_is_not_the_title_is_a_standfirst_and_the_body_keeps_it():
    text = f"{THIRD.rstrip('.')}\n\n{BODY}"
    repeat = only(text)
    assert repeat.kind is RepeatKind.STANDFIRST
    assert repeat.removed.start == 0
    assert clean(text).strip() == BODY


def test_a_standfirst_cut_short_with_a_truncation_mark_is_found():
    opening = LEAD[: LEAD.index(" and that loses")]
    text = f"{opening}…\n\nBy Jonas Vik\n\n{BODY}"
    repeat = only(text)
    assert repeat.kind is RepeatKind.STANDFIRST
    assert cut(text, repeat.kept) == opening


@pytest.mark.parametrize(
    "standfirst",
    [
        LEAD.replace("ending a service", "ending one service"),
        LEAD.replace("that has carried", "that for long has carried"),
        LEAD.replace("the northern", "1the northern"),
        LEAD.replace(", ending", " — ending"),
    ],
)
def test_an_edited_word_or_a_footnote_mark_does_not_hide_a_standfirst(standfirst):
    text = f"{standfirst}\n\nBy Jonas Vik\n\n{BODY}"
    repeat = only(text)
    assert repeat.kind is RepeatKind.STANDFIRST
    assert cut(text, repeat.removed) == standfirst
    assert cut(text, repeat.kept) == LEAD
    assert repeat.similarity > 0.9


def told(text: str) -> tuple[Passage, ...]:
    lines = [line for line in text.split("\n") if line]
    return tuple(Passage(Role.BODY, Span(text.index(line), text.index(line) + len(line))) for line in lines)


def test_a_standfirst_that_the_body_says_again_in_nearly_the_same_words_goes():
    standfirst = "Patrol boats are cruising near the closed harbour of Storvik, the coast guard says"
    again = (
        "Patrol boats were seen cruising in the waters near the long closed harbour of Storvik, the Norholm "
        "coast guard now says, showing photographs of two."
    )
    text = f"{standfirst}\n\n{LEAD}\n\n{again}\n\n{FOURTH}"
    (repeat,) = repeats_in(text, passages=told(text))
    assert (repeat.kind, cut(text, repeat.removed)) == (RepeatKind.STANDFIRST, standfirst)
    assert cut(text, repeat.kept).startswith("Patrol boats were")


def test_a_lead_that_the_next_paragraph_goes_on_from_stays():
    text = f"{LEAD}\n\nThe board said the northern ferry line loses money on every crossing.\n\n{THIRD}"
    assert repeats_in(text, passages=told(text)) == ()


def test_a_standfirst_goes_by_whole_sentences():
    opening = LEAD[: LEAD.index(" and that loses")]
    text = f"{opening}, the mayor said. Islanders protest.\n\nBy Jonas Vik\n\n{BODY}"
    assert cut(text, only(text).removed) == f"{opening}, the mayor said."


@pytest.mark.parametrize(("short", "same"), [("41", True), ("42", False)])
def test_a_figure_that_is_rounded_is_no_other_figure(short, same):
    line = "The operator of the northern ferry line lost {} million crowns last year on all of its crossings."
    text = f"{line.format('41.3')}\n\nBy Jonas Vik\n\n{line.format(short)} {SECOND}\n\n{THIRD}\n\n{FOURTH}"
    assert bool(repeats_in(text)) == same


def test_a_chinese_standfirst_is_found():
    lead = "港口管理委员会周一投票决定明年春天关闭北部渡轮航线，这条航线九十年来一直把岛民送往市场。"
    text = f"{lead}\n\n记者 王岚\n\n{lead}委员会主席在会后表示，没有人愿意做出这个决定。\n\n居民称将向法院提出诉讼。"
    repeat = only(text, "北部渡轮航线将关闭")
    assert (repeat.kind, cut(text, repeat.removed)) == (RepeatKind.STANDFIRST, lead)


def test_a_long_standfirst_without_spaces_is_measured_in_words_and_not_in_letters():
    lead = (
        "港务局周一表示，从六月起，前往外岛的渡轮将每天开两班，此前一个冬天的风暴使渡轮停航四十天，岛上的学校和诊所只能"
        "依靠直升机维持运转，许多居民被迫搬到大陆居住，渔民也无法把捕到的鱼送往市场。董事会在会后向记者说明，第二艘船已从"
        "一家北方船厂购得，五月最后一周到港，船员的培训正在进行之中，票价到年底之前保持不变。"
    )
    text = (
        f"{lead}\n\n{lead}\n\n工会批评这项计划，因为新船需要拖网渔船在春季使用的深水泊位，双方下周再次会谈。"
    )
    repeat = only(text)
    assert (repeat.kind, repeat.removed.start) == (RepeatKind.STANDFIRST, 0)


def test_paragraphs_each_printed_twice_are_kept_once():
    assert "".join(
        clean(f"{LEAD}\n\n{LEAD}\n\n{SECOND}\n\n{SECOND}\n\n{THIRD}\n\n{THIRD}").split()
    ) == "".join((LEAD + SECOND + THIRD).split())


def test_paragraphs_printed_alternately_are_kept_once():
    assert (
        clean(f"{LEAD}\n\n{SECOND}\n\n{LEAD}\n\n{SECOND}\n\n{THIRD}").split()
        == f"{LEAD} {SECOND} {THIRD}".split()
    )


@pytest.mark.parametrize("printings", [2, 3])
def test_a_body_printed_again_is_kept_once_and_the_first_stays(printings):
    text = "\n\n".join([BODY] * printings)
    found = repeats_in(text)
    assert {r.kind for r in found} == {RepeatKind.BLOCK}
    assert {r.kept for r in found} == {Span(0, len(BODY))}
    assert clean(text).strip() == BODY


def test_a_headline_within_a_body_printed_again_is_told_apart():
    page = f"{TITLE}\n\n{BODY}"
    kinds = [r.kind for r in repeats_in(f"{page}\n\n{page}")]
    assert kinds == [RepeatKind.HEADLINE, RepeatKind.BLOCK]


def test_a_pull_quote_goes_and_the_sentence_in_its_paragraph_stays():
    quote = (
        "A line that nobody is willing to pay for is a line that has already closed in everything but name."
    )
    text = f"{LEAD}\n\n{SECOND}\n\n{THIRD}\n\n{quote}\n\n{FOURTH}\n\nHe did not blame the crews. {quote} The rest is paperwork."
    repeat = only(text)
    assert (repeat.kind, cut(text, repeat.removed)) == (RepeatKind.PULLQUOTE, quote)
    assert (repeat.removed.start, repeat.kept) == (
        text.index(quote),
        Span(text.rindex(quote), text.rindex(quote) + len(quote)),
    )


def test_a_pull_quote_that_opens_with_a_name_for_a_pronoun_goes_whole():
    sentence = "is a line that has already closed in everything but name, whatever the board may say about it"
    shown = f"The northern ferry {sentence}"
    text = f"{LEAD}\n\n{SECOND}\n\n{shown}\n\n{THIRD}\n\nHe did not blame the crews. It {sentence}. The rest is paperwork."
    assert cut(text, only(text).removed) == shown


def test_a_caption_printed_again_goes():
    caption = "Passengers board the northern ferry at Storvik, Monday, March 1, 2021. (AP Photo/Maren Lie)"
    repeat = only(f"{caption}\n\n{caption}\n\n{BODY}")
    assert (repeat.kind, repeat.kept) == (RepeatKind.CAPTION, Span(0, len(caption)))


def test_of_a_widget_printed_twice_neither_stays():
    widget = "Media playback is unsupported on your device Media caption"
    found = repeats_in(
        f"{LEAD}\n\n{widget} The last ferry\n\n{SECOND}\n\n{THIRD}\n\n{widget} The first ferry\n\n{FOURTH}"
    )
    assert [(r.kind, r.kept) for r in found] == [(RepeatKind.FURNITURE, None)] * 2


def test_the_role_of_a_passage_counts():
    line = "Sign up here for the harbour letter and never miss a tide again with us"
    text = f"{LEAD}\n\n{line}\n\n{SECOND}\n\n{THIRD}\n\n{line}"
    roles = tuple(
        Passage(Role.FURNITURE, Span(at, at + len(line))) for at in (text.index(line), text.rindex(line))
    )
    assert [r.kept for r in repeats_in(text, passages=roles)] == [None, None]


QUOTATION = "we will sail as long as there is one islander who wants to cross"
VERSE = """
The tide goes out and the boats lie down
with nobody left to row
and I will wait by the harbour light
till the evening winds let go

The nets are dry and the crew is paid
there is nothing more to owe
and I will wait by the harbour light
till the evening winds let go
"""
INTERVIEW = """
What will you do when the line has closed in spring?

I will buy a smaller boat and carry the post myself, as my grandfather did before the war.

And your neighbours?

Ask them what they will do when the line has closed in spring, and they only shrug and look at the sea.
"""
TESTIMONY = """
Q: Who gave the order to cast off?

A: I could not say, sir.

Q: Who stood at the wheel that night?

A: I could not say, sir.

Q: Who kept the log of the crossing?

A: I could not say, sir.
"""
CHORUS = """and I will wait by the harbour light
till the evening winds let go
and the bells ring out for the boats come home
and the boats that are lost below
"""
SONG = f"""The tide goes out and the boats lie down
with nobody left to row
the gulls come in over Storvik town
and over the first of the snow

The ropes are coiled and the sails are furled
the lamps in the windows glow
there is no place left in the whole wide world
that the herring men do not know

{CHORUS}
The nets are dry and the crew is paid
there is nothing more to owe
of all the promises that were made
there is only one I know

{CHORUS}"""
CITED_TWICE = f"""{LEAD}

“As I said in May, {QUOTATION},” Brandt told the court.

{THIRD}

{FOURTH}

Her lawyer read the letter aloud once more: “The board knows that {QUOTATION}, whatever it costs.”
"""
QUOTED_IN_THE_LEAD = f"""On the morning programme of the harbour radio, board member Tor Hauge said that to close the northern line by spring is a reasonable timetable and “we should settle this before the end of the year.”

The presenter asked Hauge whether he thought that the date could be kept.

Hauge answered, “I do. The figures leave no doubt. The crews have waited long enough, and they will understand. And we should settle this before the end of the year.”

{FOURTH}
"""
STATUTE = f"""{LEAD}

The act on the carriage of passengers in territorial waters obliges them.

{FOURTH}

A breach of the act on the carriage of passengers in territorial waters is fined.
"""
CONTENTS = f"""{LEAD}

What the islanders may still hope for now

Who will carry the post from Monday on

{SECOND}

What the islanders may still hope for now

{THIRD}

Who will carry the post from Monday on

{FOURTH}
"""
TABLE = "\n".join(
    f"{port} tonnes landed {n} value in crowns {n * 7} change on year {n % 9} pct"
    for n, port in enumerate(("Storvik", "Nes", "Holm", "Ekra"), start=311)
)
RESULTS = (
    "Vik Seafoods said net profit rose to 4.1 million crowns in the quarter from 3.9 million a year earlier, "
    "helped by higher prices for farmed salmon.\n\n"
    "Nes Seafoods said net profit rose to 6.8 million crowns in the quarter from 5.2 million a year earlier, "
    "helped by higher prices for farmed salmon."
)


ASKED_OF_ALL = "\n\n".join(
    f"What do you think of the plan to close the northern ferry line in spring{who}?\n\n{answer}"
    for who, answer in (("", SECOND), ("", THIRD), (", Mr Holm", FOURTH))
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CITED_TWICE, id="quotation"),
        pytest.param(QUOTED_IN_THE_LEAD, id="quotation in the lead"),
        pytest.param(STATUTE, id="statute"),
        pytest.param(VERSE, id="verse"),
        pytest.param(SONG, id="song"),
        pytest.param(INTERVIEW, id="interview"),
        pytest.param(ASKED_OF_ALL, id="one question to several"),
        pytest.param(TESTIMONY, id="testimony"),
        pytest.param(CONTENTS, id="contents"),
        pytest.param(TABLE, id="table"),
        pytest.param(RESULTS, id="results"),
        pytest.param("The line will close in spring. " * 40, id="refrain"),
    ],
)
def test_what_the_writer_repeats_stays(text):
    assert repeats_in(text, "Northern ferry") == ()


words = st.sampled_from(["tide", "harbour", "ferry", "closes", "on", "monday", "the", "a", "of", "41", "7.5"])
breaks = st.sampled_from([" ", " ", " ", " ", ", ", ". ", ".\n\n", "\n", ' "', '" '])
sentences = st.lists(st.tuples(words, breaks), min_size=4, max_size=40).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@st.composite
def pages(draw):
    parts = draw(st.lists(sentences, min_size=1, max_size=4))
    order = draw(st.lists(st.sampled_from(range(len(parts))), min_size=1, max_size=8))
    return "\n".join(parts[i] for i in order)


@given(pages() | st.text(max_size=200), st.text(max_size=30) | sentences)
def test_spans_lie_in_the_text_and_contradict_nothing(text, title):
    found = repeats_in(text, title)
    taken = sorted(r.removed for r in found)
    for repeat in found:
        assert 0 <= repeat.removed.start < repeat.removed.end <= len(text)
        assert 0.0 < repeat.similarity <= 1.0
        assert (repeat.kept is None) == (repeat.kind is RepeatKind.FURNITURE)
        if repeat.kept is not None:
            assert 0 <= repeat.kept.start < repeat.kept.end <= len(text)
            assert all(repeat.kept.end <= s.start or s.end <= repeat.kept.start for s in taken)
    assert all(one.end <= two.start for one, two in pairwise(taken))


@given(st.permutations([f"word{n}" for n in range(60)]))
def test_a_text_without_repeats_yields_none(order):
    assert repeats_in(". ".join(order), "word1 word2 word3 word4") == ()


@given(pages())
def test_the_two_printings_of_a_run_never_overlap(text):
    for run in find_printings(tokenise(text)):
        assert 0 <= run.a_start < run.a_end <= run.b_start < run.b_end


@pytest.mark.parametrize(
    "text",
    [
        "tide " * 3000,
        "\n".join(["nil nil nil total landed nil"] * 500),
        "\n\n".join(["tide"] * 3000),
        " ".join("abcd"[(n * n * 7919 >> 5) % 4] for n in range(3000)),
    ],
    ids=["one word", "rows", "one-word paragraphs", "four words"],
)
def test_pairs_grow_with_the_words_and_not_with_their_square(text, monkeypatch):
    seen = []
    pairs = printings._pairs

    def counted(hashes, again):
        i, j = pairs(hashes, again)
        seen.append((len(i), len(hashes)))
        return i, j

    monkeypatch.setattr(printings, "_pairs", counted)
    found = find_printings(tokenise(text))
    ((count, size),) = seen
    assert count <= (printings.NEXT_PLACES + 1) * size
    assert len(found) <= printings.MOST_PRINTINGS * printings.MOST_ROUNDS
