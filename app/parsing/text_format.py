"""Plain text as it is posted: the text is the body, everything else stands in the query."""

from app.model import Submission
from app.parsing.encodings import decode
from app.parsing.json_text import JsonValue
from app.parsing.reader import Defaults, make_submission


def read_posted_text(data: bytes, defaults: Defaults) -> Submission:
    """The article whose text ``data`` is; its charset by the bytes, else by Content-Type."""
    text, encoding = decode(data, labels=(defaults.charset,))
    metadata: JsonValue = {"encoding": encoding} if "\ufffd" in text else None
    return make_submission({"text": text, "metadata": metadata}, data, defaults)
