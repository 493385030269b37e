"""Embeddings kept on disk between runs, with what each cost: a third of a second of CPU an article."""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from minilm import Matrix, embed

SAVE_EVERY = 200


class Vectors:
    """Vectors by the text they are of. Without a path they live as long as the run."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._kept: dict[bytes, tuple[Matrix, float]] = {}
        if path is not None and path.exists():
            with np.load(path) as kept:
                keys = [key.tobytes() for key in kept["keys"]]
                self._kept = dict(
                    zip(keys, zip(kept["rows"], kept["seconds"].tolist(), strict=True), strict=True)
                )

    def of(self, texts: Sequence[str]) -> tuple[Matrix, float]:
        """One row a text, and the CPU seconds that one took when it was made, on average."""
        keys = [hashlib.blake2b(text.encode(), digest_size=16).digest() for text in texts]
        fresh = 0
        for key, text in zip(keys, texts, strict=True):
            if key in self._kept:
                continue
            began = time.process_time()
            row = embed([text])[0]
            self._kept[key] = row, time.process_time() - began
            fresh += 1
            if fresh % SAVE_EVERY == 0:
                self._save()
        if fresh:
            self._save()
        return np.stack([self._kept[key][0] for key in keys]), sum(self._kept[key][1] for key in keys) / len(
            keys
        )

    def _save(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part.npz")
        np.savez(
            part,
            keys=np.array([np.frombuffer(key, dtype=np.uint8) for key in self._kept]),
            rows=np.stack([row for row, _ in self._kept.values()]),
            seconds=np.array([seconds for _, seconds in self._kept.values()]),
        )
        part.replace(self._path)
