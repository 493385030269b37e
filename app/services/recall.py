"""A bounded memory of stored versions. They are immutable, so that all that ends them is their deletion."""

from collections import OrderedDict
from collections.abc import Collection
from threading import Lock

from app.model import Stored, VersionKey
from app.store.engine import Tx
from app.store.ingesting import load_stored


class Recall:
    """The versions compared last, by key. Shared by the ingest thread and by checks."""

    def __init__(self, most: int = 6_000, *, most_words: int = 2_700_000) -> None:
        # A 450-word version takes some 5 KB and its outline 12 KB: 6,000 are 100 MB. One of 10 MB has
        # 1.7 million words, so words are counted as well.
        self._most = most
        self._most_words = most_words
        self._words = 0
        self._kept: OrderedDict[tuple[str, VersionKey], Stored] = OrderedDict()
        self._lock = Lock()

    def load(self, tx: Tx, versions: Collection[VersionKey], profile: str) -> dict[VersionKey, Stored]:
        """The versions asked for, from memory or from the database; unknown ones are left out."""
        found: dict[VersionKey, Stored] = {}
        with self._lock:
            for version in versions:
                stored = self._kept.get((profile, version))
                if stored is not None:
                    self._kept.move_to_end((profile, version))
                    found[version] = stored
        missing = [version for version in versions if version not in found]
        if missing:
            loaded = load_stored(tx, missing, profile)
            self.keep(loaded.values())
            found.update(loaded)
        return found

    def forget(self, versions: Collection[VersionKey]) -> None:
        """Drop versions whose text was deleted."""
        gone = set(versions)
        with self._lock:
            for name in [name for name in self._kept if name[1] in gone]:
                self._words -= len(self._kept.pop(name).print.words)

    def forget_all(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()
            self._words = 0

    def keep(self, versions: Collection[Stored]) -> None:
        """Remember versions that were committed. One under embargo is not: its release will change it."""
        with self._lock:
            for stored in versions:
                if stored.version.released:
                    before = self._kept.pop((stored.print.profile, stored.version.key), None)
                    self._kept[stored.print.profile, stored.version.key] = stored
                    self._words += len(stored.print.words) - (len(before.print.words) if before else 0)
            while len(self._kept) > self._most or self._words > self._most_words:
                _, dropped = self._kept.popitem(last=False)
                self._words -= len(dropped.print.words)
