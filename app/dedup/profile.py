"""What a fingerprint is made with. Fingerprints of different profiles are never compared."""

from dataclasses import dataclass
from importlib.metadata import version

from app.dedup.words import TOKENISER

_DATASKETCH = version("datasketch").partition(".")[0]


@dataclass(frozen=True, slots=True)
class Profile:
    """The parameters of a fingerprint. Any change makes another ``id``."""

    permutations: int = 128
    seed: int = 1
    body_width: int = 5
    """Words a body shingle: 5 keeps common phrases apart and bears an edit every tenth word."""
    lead_width: int = 3
    lead_words: int = 70
    body_bands: int = 4
    body_rows: int = 8
    lead_bands: int = 4
    lead_rows: int = 4
    sample_rate: int = 16
    """One body shingle in so many becomes an index key (FracMinHash, Irber et al. 2022)."""
    sample_floor: int = 8
    """A short text gives at least this many keys: its smallest hashes."""
    most_keys: int = 48
    headline_floor: int = 4
    """A headline of fewer different words ("Weather", "Morning briefing") is no key."""
    cleaner: str = "clean-1"
    tokeniser: str = TOKENISER

    @property
    def id(self) -> str:
        """The name under which fingerprints are stored, with every parameter in it."""
        return (
            f"ds{_DATASKETCH}a32p{self.permutations}s{self.seed}"
            f".b{self.body_width}x{self.body_bands}x{self.body_rows}"
            f".l{self.lead_width}w{self.lead_words}x{self.lead_bands}x{self.lead_rows}"
            f".f{self.sample_rate}k{self.sample_floor}m{self.most_keys}h{self.headline_floor}.{self.cleaner}.{self.tokeniser}"
        )


STANDARD = Profile()
