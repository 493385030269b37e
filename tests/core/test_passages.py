"""Lines get the role a reader would give them, and narrative stays body whatever words it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dedup.model import Dateline, Page, Provenance, Role, TagKind, WireTag
from app.dedup.passages import segment
from tests.core.pages import DISCLAIMER, FERRY_LEAD, FERRY_PAGE, FERRY_SECOND, FERRY_THIRD, FERRY_TITLE

BODY = f"{FERRY_LEAD}\n\n{FERRY_SECOND}\n\n{FERRY_THIRD}"


def take_apart(text, title="", **beside):
    return segment(Page(text=text, title=title, **beside))


def roles(text, title=""):
    return [(p.role, text[p.span.start : p.span.end]) for p in take_apart(text, title).passages]


def role_in_page(line, *, last=True):
    """The roles a line gets between, or behind, three paragraphs."""
    text = f"{BODY}\n\n{line}" if last else f"{line}\n\n{BODY}"
    printed = [role for role, said in roles(text) if said in line]
    return printed[0] if len(printed) == 1 else printed


def test_an_aggregators_page_is_taken_apart():
    parts = roles(FERRY_PAGE, FERRY_TITLE)
    assert [role for role, _ in parts] == [
        Role.HEADLINE,
        Role.STANDFIRST,
        Role.BYLINE,
        Role.TIMESTAMP,
        Role.TIMESTAMP,
        Role.HEADLINE,
        Role.CAPTION,
        Role.BODY,
        Role.BODY,
        Role.BODY,
        Role.DISCLAIMER,
        Role.FURNITURE,
    ]


def test_an_aggregators_page_declares_agency_byline_and_provenance():
    page = take_apart(FERRY_PAGE, FERRY_TITLE)
    assert (page.agency, page.byline, page.provenance) == ("Reuters", "Reuters", Provenance.VERBATIM)


def test_a_picture_credit_names_no_agency():
    assert take_apart(f"Image Credit: ANI\n\n{BODY}").agency is None


def test_the_dateline_is_split_off_the_paragraph_it_opens():
    page = take_apart(f"NORHOLM, May 14 (Reuters) - {BODY}", published_at=1_936_569_600.0)
    assert [p.role for p in page.passages[:2]] == [Role.DATELINE, Role.BODY]
    assert page.dateline == Dateline("NORHOLM", "2031-05-14")
    assert page.agency == "Reuters"


def test_an_agency_given_with_the_page_is_believed_first():
    assert take_apart(f"LONDON (AP) - {BODY}", agency="rtr").agency == "Reuters"


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Five things to know this morning",
        "Sign up for our newsletter",
        "ADVERTISEMENT",
        "Lire aussi : Les ferries à l’arrêt",
        "Lea también: Paran los barcos",
        "Leia também: As balsas param",
        "Lesen Sie auch",
        "Leggi anche",
        "Читайте также: Паромы остановились",
        "Читайте також: Пороми зупинились",
        "اقرأ أيضا: توقف العبارات",
        "相关阅读",
        "関連記事",
        "यह भी पढ़ें: नौकाएं बंद",
        "Baca juga: Feri berhenti",
        "This article is more than 3 years old",
        "Copyright © 2031 The Havenpost. All rights reserved.",
        "https://havenpost.example/ferries",
        "***",
        "Give Feedback",
    ],
)
def test_page_furniture_is_told_from_the_story(line):
    assert role_in_page(line) is Role.FURNITURE


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("(Reporting by Ana Lund; Editing by Jon Berg)", Role.SIGN_OFF),
        ("Reporting by Ana Lund in Norholm; Editing by Jon Berg", Role.SIGN_OFF),
        ("(Reporte de Ana Lund; editado por Jon Berg)", Role.SIGN_OFF),
        ("((ana.lund@agency.example; +47 555 1234; Messaging: ana.lund@agency.example))", Role.SIGN_OFF),
        ("Our Standards: The Thomson Reuters Trust Principles.", Role.SIGN_OFF),
        ("al/dpa/AFP", Role.SIGN_OFF),
        ("（完）", Role.SIGN_OFF),
        (DISCLAIMER, Role.DISCLAIMER),
        ("(With inputs from agencies.)", Role.DISCLAIMER),
        ("The Associated Press contributed to this report.", Role.DISCLAIMER),
        ("المصدر: وكالة رويترز", Role.CREDIT),
        ("Источник: ТАСС", Role.CREDIT),
        ("(Photo by Jon Berg/Getty Images)", Role.CAPTION),
        ("Foto: dpa", Role.CAPTION),
        ("Фото: пресс-служба порта", Role.CAPTION),
        ("Correction: An earlier version of this story misspelled the harbour master's name.", Role.ADVISORY),
    ],
)
def test_lines_behind_the_story_get_their_role(line, role):
    assert role_in_page(line) is role


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("By Ana Lund and Jon Berg", Role.BYLINE),
        ("Por Ana Lund", Role.BYLINE),
        ("Автор: Анна Лунд", Role.BYLINE),
        ("Published 5:02 p.m. ET May 14, 2031", Role.TIMESTAMP),
        ("14.05.2031, 14:05 Uhr", Role.TIMESTAMP),
        ("입력 2031.05.14 03:00", Role.TIMESTAMP),
        ("(Adds quote, background)", Role.ADVISORY),
        ("Representative Image", Role.CAPTION),
        ("A ferry at the quay of Norholm, May 13, 2031. (AP Photo/Jon Berg)", Role.CAPTION),
        ("FILE PHOTO: A ferry at the quay of Norholm. REUTERS/Jon Berg/File Photo", Role.CAPTION),
    ],
)
def test_lines_above_the_story_get_their_role(line, role):
    assert role_in_page(line, last=False) is role


@pytest.mark.parametrize(
    "line",
    [
        "Readers who subscribe to the theory that ferries never sink should look at the hull of the oldest ship.",
        "By the time the inspectors arrived, the crew had painted over the cracks, two sailors said.",
        "Share prices of the shipyard fell by a fifth.",
        "Follow the money, the harbour master said.",
        "Sources said the county had known of the cracks since March and told nobody on the islands.",
        "Climate change contributed to this outcome, the report found.",
        "The ferry (pictured, with its crew) is the oldest of the line.",
        "(By the master’s lights, a ship may sail with a crack as long as nobody has measured it in any way.)",
        "[Updated at 4:45 p.m.] The harbour office made some of its strongest promises to the islands ever.",
        "Getty Images are all that the islanders have seen of the old bridge, which fell into the sea long before most of them were born.",
        "“Read more,” she told the children.",
        "Отправка паромов также остановлена, сообщил порт.",
        "El sistema cuenta con información de tráfico y de las mareas.",
        "Поправка также предусматривает, что паромы будут проверять каждый год.",
    ],
)
def test_narrative_stays_body_whatever_words_it_holds(line):
    assert role_in_page(line) is Role.BODY


def test_furniture_stuck_to_the_end_of_a_line_is_cut_off():
    parts = roles(f"{BODY} Give Feedback3.40.1")
    assert parts[-1] == (Role.FURNITURE, "Give Feedback3.40.1")
    assert parts[-2] == (Role.BODY, FERRY_THIRD)


def test_initials_behind_the_last_sentence_are_a_sign_off():
    parts = roles(f"{BODY} PTI ABC XYZ")
    assert parts[-1] == (Role.SIGN_OFF, "PTI ABC XYZ")
    assert take_apart(f"{BODY} PTI ABC XYZ").agency == "PTI"


def test_what_follows_a_korean_reporters_address_on_its_line_is_not_the_story():
    told = "항구와 섬을 잇는 새 여객선이 1일 오후 첫 운항을 시작했다."
    parts = roles(f"{told} 항구=김가람 기자 garam@paper.example/2019.11.01/ ▲ 다른 기사 하나 ▲ 다른 기사 둘")
    assert parts[0] == (Role.BODY, told)
    assert [role for role, _ in parts[1:]] == [Role.SIGN_OFF]
    opening = f"[항구 김가람 기자 garam@paper.example] {told}"
    assert roles(opening)[-1][1].endswith(told)


def test_titles_under_a_heading_are_links_until_a_sentence_ends():
    parts = roles(f"{FERRY_LEAD}\nRelated articles\nHarbour to get new cranes\n{FERRY_SECOND}\n{FERRY_THIRD}")
    assert [role for role, _ in parts] == [Role.BODY, Role.FURNITURE, Role.FURNITURE, Role.BODY, Role.BODY]


def test_a_title_that_closes_with_a_quoted_phrase_is_a_link_among_links():
    link = 'Islanders announce more protests: "a ferry or nothing"'
    parts = roles(f"{FERRY_LEAD}\nRelated articles\n{link}\nHarbour to get new cranes\n{FERRY_SECOND}")
    assert [role for role, _ in parts] == [
        Role.BODY,
        Role.FURNITURE,
        Role.FURNITURE,
        Role.FURNITURE,
        Role.BODY,
    ]


def test_a_page_of_nothing_but_a_paywall_has_no_body():
    stub = "Subscribe to continue reading. Already a subscriber? Sign in to your account. Cancel any time."
    assert [role for role, _ in roles(stub, "Subscribe to continue reading. Already a subscriber?")] == [
        Role.FURNITURE
    ]


def test_an_alert_that_is_only_its_headline_has_it_as_body():
    assert [role for role, _ in roles("Norholm ferries stop", "Norholm ferries stop")] == [Role.BODY]


def test_a_lead_given_as_title_is_still_the_lead():
    assert roles(BODY, FERRY_LEAD)[0] == (Role.BODY, FERRY_LEAD)


def test_a_tagged_headline_opens_a_page_without_title():
    page = take_apart(f"UPDATE 1-Norholm ferries stop\n\n{BODY}")
    assert page.passages[0].role is Role.HEADLINE
    assert (page.title, page.tag) == ("Norholm ferries stop", WireTag(TagKind.UPDATE, 1))


def test_a_press_release_ends_with_who_sent_it():
    release = f"KARVALA, May 14, 2031 /PRNewswire/ -- {FERRY_LEAD}"
    inline = roles(f"{release} About Acme Pumps: Acme makes pumps.")
    assert inline[-1] == (Role.FURNITURE, "About Acme Pumps: Acme makes pumps.")
    lines = roles(f"{release}\n\nAbout Acme Pumps\n\nAcme makes pumps and ships.\n\nContact: Ana Lund")
    assert {role for role, _ in lines[2:]} == {Role.FURNITURE}


def test_the_words_about_someone_stay_in_other_copy():
    assert role_in_page("About Acme Pumps: nobody knows who owns it, the harbour master said.") is Role.BODY


def test_a_withdrawal_is_tagged_and_gives_the_headline_it_quotes():
    notice = f'The May 14 story headlined "{FERRY_TITLE}" is wrong and is withdrawn. There will be no substitute story.'
    page = take_apart(notice, "STORY WITHDRAWN-" + FERRY_TITLE)
    assert page.tag == WireTag(TagKind.WITHDRAWAL)
    assert page.quoted_headline == FERRY_TITLE


def test_copy_wrapped_by_hand_is_judged_by_paragraphs():
    wrapped = (
        "    The county said it had bought a landing craft to be paid for\n"
        "by the coast guard and the harbour office of Norholm, which hold\n"
        "share capital of four mln crowns in the ferry line. It will be put to\n"
        "sign up for work by the end of the month and carry lorries only.\n"
        "    Other ships of the line are to be inspected before the end of\n"
        "the month, the harbour master said in a statement.\n"
        " Reuter"
    )
    assert [role for role, _ in roles(wrapped)] == [Role.BODY, Role.BODY, Role.CREDIT]


def test_dates_between_paragraphs_head_parts_of_the_story():
    diary = f"May 14\n\n{FERRY_LEAD}\n\nMay 15\n\n{FERRY_SECOND}"
    assert [role for role, _ in roles(diary)] == [Role.TIMESTAMP, Role.BODY, Role.BODY, Role.BODY]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2029", "\n \n"])
def test_of_a_page_of_very_many_lines_the_top_and_the_bottom_are_judged(end):
    rows = [f"Row {number} stands in a table" for number in range(9_000)]
    said = roles(end.join([FERRY_TITLE, "Give Feedback", *rows, "Read more:"]), FERRY_TITLE)
    assert [role for role, _ in said[:3]] == [Role.HEADLINE, Role.FURNITURE, Role.BODY]
    assert said[-1] == (Role.FURNITURE, "Read more:")
    assert {role for role, _ in said[2:-1]} == {Role.BODY}
    assert len(said) < 4_100
    covered = "".join(part for _, part in said)
    assert "".join(covered.split()) == "".join(f"{FERRY_TITLE}Give Feedback{''.join(rows)}Read more:".split())


def test_furniture_inside_a_line_is_cut_out_of_the_middle_of_a_very_long_page():
    text = "a row\n" * 6_000 + "The vote is on Monday. Story continues below\n" + "a row\n" * 6_000
    assert [part for role, part in roles(text) if role is Role.FURNITURE] == ["Story continues below"]


def test_blank_lines_by_the_million_are_no_lines():
    assert roles(f"{FERRY_LEAD}{chr(10) * 1_000_000}{FERRY_SECOND}") == [
        (Role.BODY, FERRY_LEAD),
        (Role.BODY, FERRY_SECOND),
    ]


def test_no_line_is_too_odd():
    odd = "\ud800 İSTANBUL \x00\u202e (\n\u2029（)】\nBy \ud800"
    assert roles(odd, odd)


PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        " ",
        "(",
        ")",
        "|",
        FERRY_TITLE,
        FERRY_LEAD,
        "Give Feedback",
        "give feedback1.2",
        DISCLAIMER,
        "(With inputs from",
        "By Ana Lund",
        "Updated: 14-05-2031 17:29",
        "Read more:",
        "LONDON (AP) -",
        "(Reporting by A; Editing by B)",
        "PTI ABC",
        "\u2029",
        "İ",
        "é",
        "中",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)), st.text(max_size=40))
def test_passages_are_disjoint_in_order_and_cover_all_that_is_not_blank(text, title):
    here = 0
    covered: list[int] = []
    for passage in take_apart(text, title).passages:
        assert here <= passage.span.start < passage.span.end <= len(text)
        here = passage.span.end
        covered.extend(range(passage.span.start, here))
    blank = set(range(len(text))) - set(covered)
    assert all(text[i].isspace() for i in blank)
