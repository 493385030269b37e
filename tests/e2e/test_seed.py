"""The page that started the project, in words of our own: posted as text, answered in full."""

import pytest

pytestmark = pytest.mark.slow

TITLE = "Velden ready to move more ferries to the outer islands in case of new storms"
LEAD = (
    "Velden is ready to move more ferries to the outer islands if storms return as a deadline in a dispute with "
    "the pilots over night crossings approaches, 1the deputy head of the harbour office (VHO) said on Tuesday."
)
QUOTE = (
    '"We are watchful and ready to act...if we have an increase of wind, but we can also draw on reserve '
    'boats...that we can call in at short notice," Captain Luca Brink told reporters at the office in Velden.'
)
MORE = """\
Unrest among the islanders over a rule that they book a day ahead has raised fears of a second winter without bread, \
more than two decades after the bridge was lost.
The islands do not accept the timetable, drawn up in 2008, and call it unsafe. Around 3,700 people still live on them \
all year round. Earlier attempts to run at night led to a collision off the western mole, in which nobody was hurt. \
The barrier was only lifted when the harbour office stepped in to watch the traffic.
Brink said the sea was calm but could turn at any moment, and that the office could not rule out new delays in the \
north as the Oct. 31 deadline approaches. "If the weather worsens, we are ready to go out between the mole and the \
bar," he stressed.
"We have enough boats to deal with that...With so many crews we can end any kind of backlog," Brink added, referring to \
the ferries of two neighbouring ports that the office could draw on. Both ports want a share of the mail and have \
agreed, as part of that, to settle what is still open between them.""".splitlines()
BODY = (
    LEAD,
    f"{QUOTE} {MORE[0]}",
    *MORE[1:],
)
PAGE = "\n\n".join(
    [
        TITLE,
        f"{LEAD} {QUOTE}",
        (
            f"Reuters | Updated: 20-09-2022 17:29 IST | Created: 20-09-2022 17:01 IST\n{TITLE}\n"
            "Representative Image Image Credit: ANI"
        ),
        *BODY,
        "(This story has not been edited by Devdiscourse staff and is auto-generated from a syndicated feed.)",
        "Give Feedback3.40.1",
    ]
)
SEEN = {
    "source": "devdiscourse.example",
    "title": TITLE,
    "text": PAGE,
    "published_at": "2022-09-20T11:59:00Z",
}


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_the_page_is_taken_apart_and_its_copies_cuts_and_corrections_join_it(start_server):
    client = start_server()
    told = client.post("/v1/articles", json=SEEN).json()
    repeats = {each["kind"]: each for each in told["repeats"]}
    assert set(repeats) == {"headline", "standfirst"}
    head, stand = repeats["headline"], repeats["standfirst"]
    assert PAGE[head["kept"]["start"] : head["kept"]["end"]] == TITLE
    assert PAGE[head["removed"]["start"] : head["removed"]["end"]] == TITLE
    assert head["kept"]["start"] == 0 < head["removed"]["start"]
    assert PAGE[stand["removed"]["start"] : stand["removed"]["end"]] == f"{LEAD} {QUOTE}"
    assert PAGE[stand["kept"]["start"] : stand["kept"]["end"]] == f"{LEAD}\n\n{QUOTE}"
    assert told["agency"] == "Reuters"

    stored = client.get(f"/v1/articles/{told['article_id']}").json()
    clean = stored["clean_text"]
    for sentence in (TITLE, LEAD, QUOTE, *BODY):
        assert clean.count(sentence) == 1, sentence
    for furniture in ("Representative", "ANI", "IST", "Updated", "syndicated feed", "Feedback", "3.40.1"):
        assert furniture not in clean

    body = "\n\n".join(BODY).replace("1the", "the")
    wire = f"VELDEN, Sept 20 (Reuters) - {body}\n\n(Reporting by Ana Petrova; Editing by John Smith)"
    copy = client.post("/v1/articles", json=SEEN | {"source": "wire.example", "text": wire}).json()
    assert (copy["canonical_id"], copy["decision"]["relation"]) == (told["canonical_id"], "copy")

    cut = "\n\n".join(BODY[:3])
    excerpt = client.post("/v1/articles", json=SEEN | {"source": "brief.example", "text": cut}).json()
    assert (excerpt["canonical_id"], excerpt["decision"]["relation"]) == (told["canonical_id"], "excerpt")

    right = PAGE.replace("3,700", "3,770")
    corrected = client.post("/v1/articles", json=SEEN | {"source": "late.example", "text": right}).json()
    assert corrected["canonical_id"] == told["canonical_id"]
    assert corrected["decision"]["relation"] == "revision"
    assert corrected["decision"]["revision_kind"] == "correction"
    assert any("3,700" in reason and "3,770" in reason for reason in corrected["decision"]["reasons"])
