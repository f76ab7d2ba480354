"""A served app and a browser for it: what the browser tests and the screenshots share."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from selenium import webdriver
from waitress import create_server

from webui import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine import Engine
    from webui.config import WebConfig

CHROMIUM, CHROMEDRIVER = PROGRAMS = (Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver"))  # Debian's places
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--lang=zh-CN",  # what pages are said in where nobody chose
    "--hide-scrollbars",
    "--force-prefers-reduced-motion",  # no smooth scrolling that a click would miss
)


@contextmanager
def served(engine: Engine, config: WebConfig | None = None) -> Iterator[str]:
    """Serve an engine on a free port of this machine while the block runs; gives its address."""
    server = create_server(create_app(engine, config), host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join(timeout=5)


@contextmanager
def browser(*, dark: bool = False, script: bool = True) -> Iterator[webdriver.Chrome]:
    """Start Debian's chromium; ``dark`` asks for dark pages, without ``script`` it runs none."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for option in _OPTIONS:
        options.add_argument(option)
    preferences: dict[str, object] = {"intl.accept_languages": "zh-CN,zh"}
    if not script:
        preferences["profile.managed_default_content_settings.javascript"] = 2
    options.add_experimental_option("prefs", preferences)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(CHROMEDRIVER)))
    try:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        yield driver
    finally:
        driver.quit()


def resize(driver: webdriver.Chrome, width: int, height: int = 900) -> None:
    """Lay pages out for a screen of this width, narrower than a window can be."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
