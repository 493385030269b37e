"""A process that drafts: how it begins, what it does, and that it ends with the service it works for."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait

from app.dedup.profile import Profile
from app.model import Submission
from app.services.drafting import Drafted, draft_all, warm_up

_profile: Profile


def open_processes(profile: Profile, count: int) -> ProcessPoolExecutor:
    """Processes that draft under one profile and end with this one, however it ends.

    They begin with the first work, and are warm when it is done.
    """
    return ProcessPoolExecutor(
        count,
        # A fork of a process with threads may copy a lock that nobody will ever release.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(profile,),
    )


def own_profile() -> Profile:
    """The profile that this process drafts under, in one that ``open_processes`` has begun."""
    return _profile


def draft_here(submissions: Sequence[Submission]) -> list[Drafted]:
    """Draft in the process that this is called in, under its profile."""
    return draft_all(submissions, _profile)


def _begin(profile: Profile) -> None:
    global _profile  # noqa: PLW0603 - a process drafts under one profile all its life
    _profile = profile
    # Ctrl-C goes to all of a terminal's processes; who ends this one is the service, when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="watch-parent", daemon=True).start()
    warm_up(profile)


def _end_with_parent() -> None:
    """Do not outlive a service that was killed: the queue to it never ends by itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
