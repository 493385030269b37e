"""What the daily forms are filled in with."""

W, M = "Weather Desk", "Meridian Press"


def weather(city: str, day: str, at: str, values: str, **more: str) -> dict[str, str]:
    names = ("sky", "wind", "way", "high", "low", "rain", "rise", "set", "tide")
    return (
        {"source": W, "city": city, "day": day, "at": at}
        | dict(zip(names, values.split(), strict=True))
        | more
    )


def market(day: str, date: str, at: str, values: str, **more: str) -> dict[str, str]:
    names = ("move", "index", "change", "side", "best", "gain", "worst", "loss", "volume", "yield", "fx")
    return (
        {"source": M, "day": day, "date": date, "at": at}
        | dict(zip(names, values.split(), strict=True))
        | more
    )


def earnings(company: str, city: str, date: str, at: str, values: str, **more: str) -> dict[str, str]:
    names = (
        "verb",
        "profit",
        "before",
        "revenue",
        "revbefore",
        "eps",
        "low",
        "high",
        "dividend",
        "move",
        "time",
    )
    own = {"source": M, "company": company, "city": city, "date": date, "at": at}
    return own | dict(zip(names, values.split(), strict=True)) | more


def match(home: str, away: str, day: str, at: str, values: str, **more: str) -> dict[str, str]:
    names = ("a", "b", "crowd", "scorer", "minute", "second", "points", "place", "low", "next")
    return (
        {"source": M, "home": home, "away": away, "day": day, "at": at}
        | dict(zip(names, values.split(), strict=True))
        | more
    )


FORMS: dict[str, list[dict[str, str]]] = {
    "weather": [
        weather("Marlow", "Monday", "2026-02-08T18:00", "cloudy light west 7 1 40 7.31 17.12 4.40"),
        weather("Marlow", "Tuesday", "2026-02-09T18:00", "sunny fresh north-west 6 -2 10 7.29 17.14 5.32"),
        weather("Marlow", "Wednesday", "2026-02-10T18:00", "cloudy light south 9 3 70 7.27 17.16 6.25"),
        weather("Lissen", "Tuesday", "2026-02-09T18:05", "foggy light east 4 -1 20 7.33 17.19 6.02"),
        weather("Port Elsa", "Tuesday", "2026-02-09T18:10", "rainy strong west 8 4 90 7.35 17.21 3.58"),
    ],
    "market": [
        market("Monday", "Feb 9", "2026-02-09T16:40",
               "higher 4,118.22 0.61 above Halden 3.2 Ostrava 1.9 412 3.70 7.44",
               copied="Harbour Gazette", other_title="Shares start the week with gains"),
        market("Tuesday", "Feb 10", "2026-02-10T16:40",
               "lower 4,097.05 0.51 below Brondal 2.0 Halden 2.6 388 3.72 7.45"),
        market("Wednesday", "Feb 11", "2026-02-11T16:40",
               "higher 4,130.90 0.83 above Ostrava 4.1 Corvin 0.9 455 3.69 7.42",
               copied="Valley Mirror", other_title="Market climbs as drug maker shines"),
        market("Thursday", "Feb 12", "2026-02-12T16:40",
               "lower 4,121.37 0.23 below Corvin 1.1 Brondal 1.4 361 3.71 7.43"),
        market("Friday", "Feb 13", "2026-02-13T16:40",
               "lower 4,002.48 2.88 below Selmer 0.4 Ostrava 18.3 902 3.66 7.49"),
    ],
    "earnings": [
        earnings("Halden Metals", "Port Elsa", "Feb 10", "2026-02-10T06:30",
                 "posts 41.2 38.9 512 498 1.07 2,050 2,150 0.40 up midday",
                 copied="Harbour Gazette", other_title="Halden earns more on tin"),
        earnings("Corvin Foods", "Lissen", "Feb 10", "2026-02-10T06:45",
                 "posts 18.4 22.7 301 322 0.61 1,180 1,260 0.25 down midday"),
        earnings("Brondal Rail", "Brondal", "Feb 11", "2026-02-11T07:00",
                 "reports 7.9 11.3 640 655 0.12 2,500 2,620 0.05 down noon"),
        earnings("Ostrava Pharm", "Gantry", "Feb 12", "2026-02-12T06:30",
                 "reports 96.0 81.5 734 690 2.30 3,000 3,150 0.90 up noon"),
        earnings("Selmer Bank", "Arvenne", "Feb 13", "2026-02-13T06:30",
                 "posts 220.5 214.1 880 861 3.41 3,600 3,700 1.60 flat midday"),
    ],
    "match": [
        match("Marlow Rovers", "Lissen City", "Saturday", "2026-02-14T18:00",
              "2 0 11,204 Adder 17 Plum 41 third ninth Friday",
              copied="Valley Mirror", other_title="Rovers sink City"),
        match("Port Elsa", "Gantry United", "Saturday", "2026-02-14T18:10",
              "3 1 8,310 Voss 24 Ngata 38 fourth last Sunday"),
        match("Marlow Rovers", "Gantry United", "Saturday", "2026-02-21T18:00",
              "2 1 10,877 Adder 65 Quist 44 second last Saturday"),
        match("Lissen City", "Varn", "Sunday", "2026-02-22T17:00",
              "4 0 14,002 Bremer 8 Okoro 30 eighth twelfth Saturday"),
    ],
    "obituary": [
        {"source": M, "at": "2026-02-12T15:00", "name": "Edda Thorn", "trade": "maker of maps", "age": "88",
         "known": "who drew the coast anew after the great flood", "day": "Wednesday", "city": "Lissen", "pro": "She",
         "born": "Varn", "school": "naval college", "count": "31", "work": "the Atlas of Tides",
         "family": "two daughters", "service": "Monday",
         "copied": "Harbour Gazette", "other_title": "She drew the tides: Edda Thorn is dead"},
        {"source": M, "at": "2026-02-18T15:00", "name": "Ruben Achard", "trade": "composer", "age": "79",
         "known": "who wrote an opera for a lighthouse", "day": "Tuesday", "city": "Arvenne", "pro": "He",
         "born": "Gantry", "school": "conservatory in Lissen", "count": "64", "work": "the opera Lamp",
         "family": "his wife and a son", "service": "Saturday"},
        {"source": M, "at": "2026-02-24T15:00", "name": "Ilona Pask", "trade": "novelist", "age": "91",
         "known": "whose detective never left her village", "day": "Monday", "city": "Varn", "pro": "She",
         "born": "Delvin", "school": "university of Lissen", "count": "44", "work": "A Quiet Well",
         "family": "a brother and eleven cats", "service": "Friday"},
    ],
}  # fmt: skip
