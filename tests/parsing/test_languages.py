import pytest

from app.parsing.languages import tell_language


@pytest.mark.parametrize(
    ("declared", "expected"),
    [("en", "en"), ("en-US", "en"), ("pt_BR", "pt"), ("ZH-Hans", "zh"), ("fil", "fil")],
)
def test_a_declared_language_is_believed(declared, expected):
    assert tell_language(declared, "Der Hafen wird im Mai wieder geöffnet.") == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "The harbour authority said on Monday that the pier would reopen in May, after it was closed for repairs.",
            "en",
        ),
        (
            "Die Hafenbehörde teilte am Montag mit, dass der Pier im Mai wieder für die Öffentlichkeit geöffnet wird.",
            "de",
        ),
        (
            "La autoridad del puerto dijo el lunes que el muelle se reabrirá en mayo para los barcos de la región.",
            "es",
        ),
        (
            "Власти порта сообщили в понедельник, что причал снова откроется в мае, но не для всех судов.",
            "ru",
        ),
        (
            "Влада порту повідомила, що причал знову відкриється у травні для всіх суден, які його потребують.",
            "uk",
        ),
        ("港湾当局は月曜日、桟橋を五月に再開すると発表した。", "ja"),
        ("港务局周一表示，码头将于五月重新开放。", "zh"),
        ("항만 당국은 월요일 부두가 5월에 다시 열린다고 밝혔다.", "ko"),
        ("Η λιμενική αρχή ανακοίνωσε ότι η προβλήτα θα ανοίξει ξανά τον Μάιο.", "el"),
    ],
)
def test_an_undeclared_language_is_told_from_the_opening(text, language):
    assert tell_language(None, text) == language
    assert tell_language("not a tag!", text) == language


@pytest.mark.parametrize("text", ["123 456", "\x00", "\ud800 7", "…"])
def test_a_text_without_letters_has_no_language(text):
    assert tell_language(None, text) is None


def test_a_text_of_few_letters_never_raises():
    assert tell_language(None, "Ok \ud800\x00") is not None


def test_a_country_is_no_language():
    assert (
        tell_language("US", "The pier will reopen in May, said the harbour, after it has been repaired.")
        == "en"
    )
