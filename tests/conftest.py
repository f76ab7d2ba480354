"""What every test module shares: how property tests run."""

from __future__ import annotations

from hypothesis import settings

# No deadlines: a busy machine is no failure, and pytest's own timeout catches what hangs.
settings.register_profile("ours", deadline=None)
settings.register_profile("few", deadline=None, max_examples=20)  # for engines that take long to build
settings.load_profile("ours")
