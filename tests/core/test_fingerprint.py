"""Fingerprints: datasketch's own signatures, and keys that find what should be found."""

import dataclasses

import numpy as np
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dedup.align import shingles
from app.dedup.clean import clean
from app.dedup.fingerprint import bands, sample, sign, take_fingerprint
from app.dedup.model import Fingerprint, Page
from app.dedup.profile import STANDARD, Profile

STORY = " ".join(f"word{n} of the story goes on" for n in range(120))


def fingerprint(text: str) -> Fingerprint:
    return take_fingerprint(clean(Page(text)), STANDARD)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=300))
def test_a_signature_is_datasketchs_own_to_the_bit(hashes):
    theirs = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)
    theirs.update_batch(hashes)
    ours = sign(np.array(hashes, dtype=np.uint32), STANDARD)
    assert ours.tolist() == theirs.hashvalues.tolist()


def test_a_long_text_is_signed_in_parts_with_the_same_result():
    hashes = np.random.default_rng(7).integers(0, 2**32, 10_000, dtype=np.uint32)
    parts = [sign(part, STANDARD) for part in np.array_split(hashes, 7)]
    assert sign(hashes, STANDARD).tolist() == np.minimum.reduce(parts).tolist()


def test_case_spacing_and_quotes_do_not_change_a_fingerprint():
    one = fingerprint('He said: "We are ready to act at short notice", and left the room at once.')
    other = fingerprint("He  said: “We are ready to act\nat short notice”, and left the room at once.")
    assert one.digest == other.digest
    assert one.keys.tolist() == other.keys.tolist()


def test_a_profile_names_every_parameter():
    for parameter in dataclasses.fields(Profile):
        value = getattr(STANDARD, parameter.name)
        changed = dataclasses.replace(
            STANDARD, **{parameter.name: value + ("x" if isinstance(value, str) else 1)}
        )
        assert changed.id != STANDARD.id, parameter.name


def test_text_without_words_has_no_keys():
    assert not len(fingerprint("").keys)
    assert not len(fingerprint("— … —").keys)


def test_a_short_text_has_its_floor_of_keys_and_a_long_one_its_bound():
    short = sample(
        shingles(fingerprint("one short alert of about a dozen words in a single sentence only").words, 5),
        STANDARD,
    )
    assert len(short) >= min(STANDARD.sample_floor, 6)
    long_text = " ".join(str(n) + "x" for n in range(20_000))
    assert len(fingerprint(long_text).keys) < 4 * STANDARD.most_keys


def test_a_cut_shares_keys_with_the_whole():
    words = STORY.split()
    whole, cut = fingerprint(STORY), fingerprint(" ".join(words[: len(words) // 4]))
    assert len(np.intersect1d(whole.keys, cut.keys)) >= 3


def test_bands_of_different_kinds_never_meet():
    signature = fingerprint(STORY).signature
    body, lead = (bands(signature, 4, 8, np.uint64(kind << 56)) for kind in (1, 2))
    assert not set(body.tolist()) & set(lead.tolist())
