"""The articles of the demonstration. Places, people, firms and outlets are invented.

One agency report reaches several outlets: whole, cut, on a page that prints its opening twice, then
updated and corrected. A market report comes every day in the same words. Two are strangers, one of
which quotes the same background as the first story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Item: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scene:
    """One article as it is posted, and what a reader should know of it."""

    about: str
    item: Item
    same_as: str | None = None
    """Of the scene whose canonical ID it should get; none where it should get its own."""


_LEAD = (
    "A ferry with 214 passengers on board ran aground on a sandbank off Port Elsa early on Tuesday after its "
    "steering failed in heavy fog, the coast guard said."
)
_SECOND = (
    "All passengers were taken off by lifeboats within three hours. Eleven people were treated for cuts and "
    "bruises, and two were kept in hospital overnight, said Dr Ilse Maron of the town's clinic."
)
_THIRD = (
    "The Morning Star had left Sandhaven at 5.40 a.m. for the 90-minute crossing. About a mile from the "
    "harbour wall the helm stopped answering, and the crew dropped both anchors too late to hold her."
)
_FOURTH = (
    '"We felt a long scrape, and then it was very quiet," said Tomas Brandt, a teacher travelling with a class '
    'of twelve-year-olds. "The crew were calm. They counted us four times."'
)
_BACKGROUND = (
    "The Elsa Line has run the crossing since 1968 with three ships, the youngest of which is 22 years old. "
    "Parliament put off a subsidy for a new one last autumn, after a dispute over who should build it."
)
_FIFTH = (
    "A tug is to try to free the ship at high water on Wednesday morning. The harbour master, Greta Holm, said "
    "that no oil had been lost and that a second ferry would take over the timetable."
)
_TUG = (
    "The tug Hercules reached the ship in the afternoon and made fast a line to her stern. Divers found two "
    "plates of the hull bent but no hole, the owners said."
)
_DATELINE = "PORT ELSA, March 3 (Coastal News) - "
_REPORT = "\n\n".join((_DATELINE + _LEAD, _SECOND, _THIRD, _FOURTH, _BACKGROUND, _FIFTH))

_MARKET = (
    "Shares on the Sandhaven exchange closed {move} percent {way} on {day} at {points} points, with {firm} the "
    "day's strongest stock and {loser} its weakest.\n\n"
    "Turnover came to {turnover} million crowns. Of the 60 shares in the index, {gains} gained and {losses} "
    "lost. The crown stood at {rate} to the dollar at the close of trading.\n\n"
    "Ten-year state bonds yielded {bond} percent. Trading opens again at 9 a.m. tomorrow."
)

SCENES: tuple[Scene, ...] = (
    Scene(
        "the agency's own report",
        {
            "source": "coastalnews.example",
            "external_id": "CN-0303-017",
            "title": "Ferry runs aground off Port Elsa, 214 passengers taken off",
            "text": _REPORT,
            "published_at": "2026-03-03T09:10:00Z",
            "agency": "Coastal News",
        },
    ),
    Scene(
        "a newspaper prints it whole, under its own headline, with its furniture",
        {
            "source": "harbour-gazette.example",
            "url": "https://harbour-gazette.example/news/morning-star?utm_source=feed",
            "title": "Passengers rescued as Morning Star hits sandbank in fog",
            "text": f"By our news desk\n\n{_REPORT}\n\nRead more: Ten ferry crossings to take this summer\n\n"
            "Sign up for our morning newsletter",
            "published_at": "2026-03-03T10:05:00Z",
        },
        same_as="the agency's own report",
    ),
    Scene(
        "a free sheet keeps the first three paragraphs",
        {
            "source": "elsa-metro.example",
            "url": "https://elsa-metro.example/4711",
            "title": "Ferry stuck off Port Elsa",
            "text": "\n\n".join((_DATELINE + _LEAD, _SECOND, _THIRD)),
            "published_at": "2026-03-03T11:30:00Z",
        },
        same_as="the agency's own report",
    ),
    Scene(
        "a site prints headline and opening twice",
        {
            "source": "islands-daily.example",
            "url": "https://islands-daily.example/ferry-aground",
            "title": "Ferry runs aground off Port Elsa, 214 passengers taken off",
            "text": "Ferry runs aground off Port Elsa, 214 passengers taken off\n\n"
            "Ferry runs aground off Port Elsa, 214 passengers taken off\n\n"
            f"{_LEAD} All passengers were taken off by lifeboats within three hours.\n\n"
            f"Representative image\n\n{_REPORT}\n\n"
            "(This story has not been edited by our staff and is auto-generated from a syndicated feed.)",
            "published_at": "2026-03-03T12:15:00Z",
        },
        same_as="the agency's own report",
    ),
    Scene(
        "the agency updates it: the tug has come",
        {
            "source": "coastalnews.example",
            "external_id": "CN-0303-044",
            "title": "UPDATE 1-Ferry runs aground off Port Elsa, 214 passengers taken off",
            "text": "\n\n".join(
                (
                    _DATELINE + _LEAD,
                    _SECOND.replace("Eleven", "Fourteen"),
                    _TUG,
                    _THIRD,
                    _FOURTH,
                    _BACKGROUND,
                )
            ),
            "published_at": "2026-03-03T15:40:00Z",
            "agency": "Coastal News",
        },
        same_as="the agency's own report",
    ),
    Scene(
        "the agency corrects the number of passengers",
        {
            "source": "coastalnews.example",
            "external_id": "CN-0303-061",
            "title": "CORRECTED-Ferry runs aground off Port Elsa, 241 passengers taken off",
            "text": "(Corrects number of passengers in first paragraph to 241, not 214)\n\n"
            + _REPORT.replace("214", "241"),
            "published_at": "2026-03-03T17:20:00Z",
            "agency": "Coastal News",
        },
        same_as="the agency's own report",
    ),
    Scene(
        "the exchange's report of Monday",
        {
            "source": "coastalnews.example",
            "external_id": "CN-0302-090",
            "title": "Sandhaven shares close higher",
            "text": _MARKET.format(
                move="0.8", way="higher", day="Monday", points="3,114.20", firm="Norrland Timber",
                loser="Elsa Line", turnover="412", gains="38", losses="19", rate="9.41", bond="2.87",
            ),
            "published_at": "2026-03-02T17:05:00Z",
            "genre": "market report",
        },
    ),
    Scene(
        "the same form, filled in on Tuesday",
        {
            "source": "coastalnews.example",
            "external_id": "CN-0303-090",
            "title": "Sandhaven shares close lower",
            "text": _MARKET.format(
                move="1.6", way="lower", day="Tuesday", points="3,064.37", firm="Velden Dairies",
                loser="Norrland Timber", turnover="577", gains="14", losses="45", rate="9.48", bond="2.91",
            ),
            "published_at": "2026-03-03T17:05:00Z",
            "genre": "market report",
        },
    ),
    Scene(
        "another story with the same background paragraph",
        {
            "source": "harbour-gazette.example",
            "url": "https://harbour-gazette.example/politics/subsidy",
            "title": "Minister reopens talks on shipbuilding subsidy",
            "text": "SANDHAVEN, March 9 (Coastal News) - The transport minister said on Monday that she would meet "
            "the heads of both shipyards this week, four months after the government's plan fell apart.\n\n"
            '"Nobody won last autumn," Paula Ekström told reporters in the capital. She would not say whether '
            "the sum on the table had grown, nor which yard was nearer to the order.\n\n"
            + _BACKGROUND
            + "\n\nUnions called the meeting overdue. Some 700 jobs at the northern yard depend on an order "
            "before the summer, according to its works council, which has asked for a place at the table.",
            "published_at": "2026-03-09T13:00:00Z",
        },
    ),
    Scene(
        "a stranger",
        {
            "source": "islands-daily.example",
            "url": "https://islands-daily.example/school-orchard",
            "title": "Pupils plant an orchard behind the old mill",
            "text": "Forty pupils of the village school planted apple and plum trees behind the old mill on "
            "Saturday, helped by their grandparents and by a retired gardener with strong views on pruning.\n\n"
            "The trees were given by a nursery that is closing after three generations. The first fruit is "
            "expected in four years, when most of the planters will have left for the upper school.\n\n"
            '"Then we come back at night with ladders," said Emil, who is nine.',
            "published_at": "2026-03-03T08:00:00Z",
        },
    ),
)  # fmt: skip
