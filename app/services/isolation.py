"""Texts beside which a drafting process died are drafted apart, so that the one that kills is found.

A process that dies takes all that is being drafted with it, and does not say which text it was. They are
drafted again in one process that nothing else shares: together, and should it die once more one by one.
A text that is alone with a process that dies is refused, also when it comes again; a process that was
killed for another reason costs nothing but time. What may kill is never drafted in the process that serves.
"""

import hashlib
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

import structlog

from app.dedup.profile import Profile
from app.errors import Overloaded, WirefoldError
from app.model import Submission
from app.services.drafter import draft_here, open_processes
from app.services.drafting import Drafted

_REMEMBERED = 1_000
"""Texts that killed, by digest."""

log = structlog.get_logger()


class Isolation:
    """One drafting process for what is suspect; none while there is nothing suspect. One list at a time."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._turn = threading.Lock()
        self._killers: deque[bytes] = deque(maxlen=_REMEMBERED)

    def knows(self, submission: Submission) -> bool:
        """Whether a process died of it before."""
        return bool(self._killers) and _digest(submission) in self._killers

    def draft_all(self, submissions: Sequence[Submission]) -> list[Drafted]:
        """A draft of each, or a refusal. Raises Overloaded where no process can be had."""
        with self._turn:
            if not any(map(self.knows, submissions)):
                try:
                    with self._open() as process:
                        return process.submit(draft_here, submissions).result()
                except BrokenExecutor:
                    log.warning("a process died of a text", articles=len(submissions))
            return self._one_by_one(submissions)

    def _one_by_one(self, submissions: Sequence[Submission]) -> list[Drafted]:
        drafted: list[Drafted] = []
        while len(drafted) < len(submissions):
            if self.knows(submissions[len(drafted)]):
                drafted.append(_refusal())
                continue
            with self._open() as process:
                drafted += self._until_it_dies(process, submissions[len(drafted) :])
        return drafted

    def _until_it_dies(
        self, process: ProcessPoolExecutor, submissions: Sequence[Submission]
    ) -> list[Drafted]:
        drafted: list[Drafted] = []
        for each in submissions:
            if self.knows(each):
                drafted.append(_refusal())
                continue
            try:
                drafted += process.submit(draft_here, [each]).result()
            except BrokenExecutor:
                log.warning("a text killed what drafted it", source=each.source, external_id=each.external_id)
                self._killers.append(_digest(each))
                return [*drafted, _refusal()]
        return drafted

    def _open(self) -> ProcessPoolExecutor:
        process = open_processes(self._profile, 1)
        try:
            process.submit(int).result()
        except BrokenExecutor:
            process.shutdown(wait=False)
            raise Overloaded("No process can be had to read the article.", retry_after_s=10) from None
        return process


def _digest(submission: Submission) -> bytes:
    return hashlib.blake2b(submission.raw, digest_size=16).digest()


def _refusal() -> WirefoldError:
    return WirefoldError("The article could not be read. This is a fault of the service.")
