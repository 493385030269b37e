"""kill -9 in the middle of the load, as the soak does it a hundred times."""

from random import Random

import pytest

from benchmarks.soak.kills import kill_once
from benchmarks.soak.load import Log

pytestmark = pytest.mark.slow


def test_a_killed_server_has_every_article_it_acknowledged_and_nothing_half_done(store_url):
    log = Log()
    assert kill_once(store_url, Random(1), log).wrong == []
    assert log.count
