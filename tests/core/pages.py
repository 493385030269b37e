"""Pages in the manner of aggregators and wires; every word of them is invented."""

FERRY_LEAD = (
    "Ferries between Norholm and the outer islands will stop for two weeks from Friday, the harbour office said, "
    "after inspectors found cracks in the hull of the oldest ship."
)
FERRY_SECOND = (
    '"Nobody was in danger at any moment," harbour master Ida Quist told reporters on the quay. The three other '
    "ships of the line are to be inspected before the end of the month."
)
FERRY_THIRD = (
    "About 4,200 people live on the islands, and most of their food arrives by sea. The county has rented a landing "
    "craft from the coast guard, which can carry lorries but no passengers."
)
FERRY_TITLE = "Norholm ferries to stop for two weeks after cracks are found"
DISCLAIMER = (
    "(This story has not been edited by Havenpost staff and is auto-generated from a syndicated feed.)"
)
FERRY_PAGE = f"""{FERRY_TITLE}

{FERRY_LEAD} "Nobody was in danger at any moment," harbour master Ida Quist told reporters on the quay.


Reuters | Updated: 14-05-2031 17:29 IST | Created: 14-05-2031 17:01 IST
{FERRY_TITLE}
Representative Image Image Credit: ANI

{FERRY_LEAD}

{FERRY_SECOND}

{FERRY_THIRD}

{DISCLAIMER}

Give Feedback3.40.1"""
