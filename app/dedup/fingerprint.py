"""A cleaned page becomes a fingerprint: words, two MinHash signatures and the index keys.

The signatures are datasketch's own ("affine32", one 32-bit hash a shingle), computed over whole
arrays: a test holds them equal to ``datasketch.MinHash`` value for value. The signature
gives the band keys; the keys find, and do not decide.
"""

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.dedup.align import numbers_alike, shingles
from app.dedup.arrays import distinct
from app.dedup.model import Cleaned, Fingerprint, Hashes, TagKind
from app.dedup.profile import Profile
from app.dedup.words import tokenise

_CHUNK = 4096
"""Shingles hashed at once: 128 permutations of it are 2 MB, which stays in cache."""
_BODY_BAND, _LEAD_BAND, _SAMPLE, _HEADLINE, _WHOLE = (np.uint64(kind << 56) for kind in range(1, 6))
_LOW_56 = np.uint64((1 << 56) - 1)
_STEP = np.uint64(0x9E3779B97F4A7C15)


def take_fingerprint(cleaned: Cleaned, profile: Profile) -> Fingerprint:
    """The fingerprint of a page's story text. A page without any has no keys and meets nothing."""
    words = cleaned.words.hash[cleaned.body]
    body = shingles(words, profile.body_width)
    lead = shingles(words[: profile.lead_words], profile.lead_width)
    body_signature, lead_signature = sign(body, profile), sign(lead, profile)
    flags = cleaned.words.flags[cleaned.body]
    # A changed figure must not hide a correction from its story, nor a form from yesterday's.
    form = shingles(numbers_alike(words, flags), profile.body_width)
    headline = headline_words(cleaned)
    digest = hashlib.blake2b(words.tobytes(), digest_size=16).digest()
    keys = [headline_key(headline, profile)]
    if len(body):
        keys += [
            bands(body_signature, profile.body_bands, profile.body_rows, _BODY_BAND),
            bands(lead_signature, profile.lead_bands, profile.lead_rows, _LEAD_BAND),
            sample(form, profile),
            np.frombuffer(digest[:8], dtype="<u8").astype(np.uint64) & _LOW_56 | _WHOLE,
        ]
    return Fingerprint(
        profile=profile.id,
        words=words,
        flags=flags,
        title=headline,
        signature=body_signature,
        lead_signature=lead_signature,
        keys=distinct(np.concatenate(keys)) if len(words) else np.empty(0, dtype=np.uint64),
        digest=digest,
    )


def headline_words(cleaned: Cleaned) -> Hashes:
    """The headline's words; of a notice that takes a story back, those of the headline it quotes."""
    if cleaned.quoted_headline and cleaned.tag and cleaned.tag.kind is TagKind.WITHDRAWAL:
        return tokenise(cleaned.quoted_headline).hash
    return cleaned.title.hash


def headline_key(headline: Hashes, profile: Profile) -> NDArray[np.uint64]:
    """One key for a headline, whatever the order of its words; none for a short one.

    Withdrawals and rewrites share little or no body with their story, but quote or keep its headline.
    """
    unique = distinct(headline)
    if len(unique) < profile.headline_floor:
        return np.empty(0, dtype=np.uint64)
    total = hashlib.blake2b(unique.tobytes(), digest_size=8).digest()
    return np.frombuffer(total, dtype="<u8").astype(np.uint64) & _LOW_56 | _HEADLINE


@lru_cache(maxsize=4)
def _permutations(count: int, seed: int) -> tuple[Hashes, Hashes]:
    # Brings SciPy along, 2 s of a processor: only what takes a fingerprint waits for it.
    from datasketch import MinHash  # noqa: PLC0415

    multipliers, addends = MinHash(num_perm=count, seed=seed, scheme="affine32").permutations
    return multipliers[:, None].copy(), addends[:, None].copy()


def sign(hashes: Hashes, profile: Profile) -> Hashes:
    """Datasketch's MinHash values of a set of 32-bit hashes, the same to the bit."""
    multipliers, addends = _permutations(profile.permutations, profile.seed)
    smallest = np.full(profile.permutations, np.uint32(0xFFFFFFFF))
    mixed = _finalise(hashes)
    for at in range(0, len(mixed), _CHUNK):
        values = multipliers * mixed[at : at + _CHUNK]
        values += addends
        np.minimum(smallest, values.min(axis=1), out=smallest)
    return smallest


def _finalise(hashes: Hashes) -> Hashes:
    """MurmurHash3's 32-bit finaliser (public domain), as datasketch pre-mixes its input."""
    h = hashes ^ (hashes >> np.uint32(16))
    h = h * np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h


def bands(signature: Hashes, count: int, rows: int, kind: np.uint64) -> NDArray[np.uint64]:
    """One key a band of ``rows`` values. P(a shared band) = 1 − (1 − J^rows)^count."""
    values = signature[: count * rows].reshape(count, rows).astype(np.uint64)
    total = np.arange(count, dtype=np.uint64)
    for column in range(rows):
        total = (total ^ values[:, column]) * _STEP
        total ^= total >> np.uint64(29)
    return (total & _LOW_56) | kind


def sample(shingled: Hashes, profile: Profile) -> NDArray[np.uint64]:
    """The shingles that become keys: a fixed fraction of all hashes, with a floor and a bound.

    The fraction halves as the text goes on, because cuts keep the top: a bound on the smallest
    hashes alone would thin the top of a long page as much as its end.
    """
    near = profile.most_keys * profile.sample_rate
    ordered = distinct(shingled[:near])
    chosen = ordered[
        : max(profile.sample_floor, int(np.searchsorted(ordered, (1 << 32) // profile.sample_rate)))
    ]
    if len(shingled) > near:
        far = distinct(shingled[near:])
        rate = profile.sample_rate * max(4, len(shingled) // near)
        chosen = np.concatenate((chosen, far[: int(np.searchsorted(far, (1 << 32) // rate))]))
    return sample_keys(chosen)


def sample_keys(shingled: Hashes) -> NDArray[np.uint64]:
    """The keys under which texts with these shingles are found, as far as the sample holds them."""
    return shingled.astype(np.uint64) | _SAMPLE


def sampled(of: Fingerprint) -> Hashes:
    """The shingles of a text, numbers alike, that are keys of it."""
    hashes: Hashes = of.keys[(of.keys & ~_LOW_56) == _SAMPLE].astype(np.uint32)
    return hashes
