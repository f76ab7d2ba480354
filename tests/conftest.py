"""What every test module shares: how property tests run."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ["POLICY_SEARCH_LANGUAGE"] = "en"  # what is expected of sentences is English, whoever runs the tests

# No deadlines: a busy machine is no failure, and pytest's own timeout catches what hangs. The same examples in every
# run: a test that passes once passes always; ``--hypothesis-profile=new`` looks for examples that nobody has seen.
settings.register_profile("ours", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None)
settings.register_profile(
    "few", deadline=None, derandomize=True, max_examples=20
)  # for engines that take long to build
settings.load_profile("ours")
