"""The site in a real browser: what people do with it, with and without a script, and whether all can."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.running import PROGRAMS, browser, resize, served
from tests.webui.samples import SAMPLES
from tests.webui.test_hostile import HOSTILE
from tests.webui.web_engine import MemoryEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

# Where nobody insists, a machine without chromium or axe-core skips what needs them.
REQUIRED = os.environ.get("POLICY_SEARCH_BROWSER_TESTS") == "required"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not REQUIRED and not all(map(Path.exists, PROGRAMS)), reason="needs chromium and chromedriver"),
]

# axe-core's axe.min.js, which CI puts there (npm pack axe-core); it is no part of the product.
AXE = Path(os.environ.get("AXE_CORE", Path(__file__).parents[2] / ".venv" / "axe-core" / "package" / "axe.min.js"))
PAGES = (
    "/",
    "/?q=对口帮扶",
    "/?q=对口帮扶&region=广东省&year=2024&form=通知&in=title",
    "/?q=老旧小区&form=通知",
    "/?open=广东省&more=source",
    "/announcements/a1?q=对口帮扶",
    "/announcements/evil",
    "/number/示府办〔2024〕8号",
    "/sources",
    "/api",
    "/help",
    "/check",
    "/trends?q=帮扶&q=改造",
    "/compare?a=a1&b=a2",
    "/compare?a=a2&b=a1&only=changes",
    "/announcements/a1/cite",
    "/announcements/a1/cite?clause=第一条",
    "/cite?id=a1&id=a2",
    "/announcements/a1/lineage",
    "/announcements/a2/lineage",
    "/saved?q=对口帮扶",
    "/?q=本文&source=花都区农业农村局",
    "/?q=对口帮扶&more=source&find=花都",
    "/?q=帮扶&from=2023-01-01&to=2020-01-01&page=0&colour=red",
    "/announcements/none",
)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with served(MemoryEngine((*SAMPLES, HOSTILE))) as address:
        yield address


@pytest.fixture(scope="module")
def started() -> Iterator[Chrome]:
    with browser() as driver:
        yield driver


@pytest.fixture
def driver(started: Chrome, base: str) -> Iterator[Chrome]:
    """Return the browser with no cookies and a laptop's screen; afterwards nothing was complained of."""
    resize(started, 1280)
    started.get(base + "/healthz")
    started.delete_all_cookies()
    complaints_of(started)
    yield started
    complaints = [told for told in complaints_of(started) if "favicon" not in told]
    assert [told for told in complaints if "status of 40" not in told] == []


def complaints_of(driver: Any) -> list[str]:
    """Take what the browser's console has collected; selenium leaves this call untyped."""
    return [entry["message"] for entry in driver.get_log("browser")]


def find(driver: Chrome, selector: str) -> WebElement:
    return driver.find_element(By.CSS_SELECTOR, selector)


def count(driver: Chrome, selector: str) -> int:
    return len(driver.find_elements(By.CSS_SELECTOR, selector))


def shown(driver: Chrome, selector: str) -> list[str]:
    texts: list[str] = driver.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)", selector
    )
    return texts


def wait(driver: Chrome, until: Callable[[Chrome], Any]) -> None:
    WebDriverWait(driver, 10, ignored_exceptions=None).until(until)


def test_typing_suggesting_and_sending(driver: Chrome, base: str) -> None:
    driver.get(base)
    find(driver, "body").send_keys("/")
    box = driver.switch_to.active_element
    assert box.get_attribute("id") == "q"
    box.send_keys("花都")
    wait(driver, lambda d: count(d, "#suggestions li") == 2)
    assert box.get_attribute("aria-expanded") == "true"
    box.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert box.get_attribute("value") == "花都区对口帮扶工作成效显著"
    assert box.get_attribute("aria-activedescendant") == "suggestion-1"
    box.send_keys(Keys.ESCAPE)
    assert box.get_attribute("value") == "花都"
    box.send_keys(Keys.ENTER)
    wait(driver, lambda d: "q=" in d.current_url)
    assert count(driver, ".hit") == 1


def test_an_enter_that_ends_a_composition_sends_nothing(driver: Chrome, base: str) -> None:
    driver.get(base)
    box = find(driver, "#q")
    box.click()
    driver.execute_cdp_cmd("Input.imeSetComposition", {"text": "bangfu", "selectionStart": 6, "selectionEnd": 6})
    prevented = driver.execute_script(
        "const enter = new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, isComposing: true,"
        " bubbles: true, cancelable: true}); return !arguments[0].dispatchEvent(enter);",
        box,
    )
    assert prevented
    driver.execute_cdp_cmd("Input.insertText", {"text": "帮扶"})
    assert driver.current_url == base + "/"
    assert box.get_attribute("value") == "帮扶"


def test_ticking_keeps_the_place_and_back_undoes_it(driver: Chrome, base: str) -> None:
    driver.get(base + "/?q=示例")
    resize(driver, 1280, 500)
    tick = find(driver, '#form [data-key="公告"]')
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", tick)
    driver.execute_script("window.untouched = true")
    before = tick.rect["y"] - driver.execute_script("return scrollY")
    tick.click()
    wait(driver, lambda d: count(d, ".chips li") == 1)
    assert driver.execute_script("return window.untouched")
    assert driver.execute_script("return document.activeElement.dataset.key") == "公告"
    after = find(driver, '#form [data-key="公告"]').rect["y"] - driver.execute_script("return scrollY")
    assert abs(after - before) < 2
    assert "form=" in driver.current_url
    assert count(driver, "form.box input[name=form]") == 1
    driver.back()
    wait(driver, lambda d: count(d, ".chips li") == 0)
    assert "form=" not in driver.current_url


def test_a_province_of_the_map_keeps_the_focus(driver: Chrome, base: str) -> None:
    driver.get(base + "/?q=示例")
    find(driver, ".map a").send_keys(Keys.ENTER)
    wait(driver, lambda d: count(d, ".chips li") == 1)
    assert driver.execute_script("return document.activeElement.matches('.map a.is-on')")


def test_back_from_an_announcement_leads_to_the_filtered_and_sorted_list(driver: Chrome, base: str) -> None:
    driver.get(base + "/?q=对口帮扶&region=广东省&sort=newest&per_page=20")
    left = driver.current_url
    find(driver, ".hit h2 a").click()
    wait(driver, lambda d: count(d, "article") == 1)
    find(driver, ".back a").click()
    wait(driver, lambda d: count(d, ".hits") == 1)
    assert driver.current_url == left


def test_opening_an_announcement_and_stepping_through_its_matches(driver: Chrome, base: str) -> None:
    driver.get(base + "/?q=对口帮扶")
    find(driver, ".hit h2 a").click()
    wait(driver, lambda d: count(d, "#mark-bar") == 1)
    find(driver, "[data-step='1']").click()
    assert driver.current_url.endswith("#m1")
    find(driver, "body").send_keys("n")
    assert driver.current_url.endswith("#m2")
    assert find(driver, "[data-now]").text.startswith("2 /")
    find(driver, "body").send_keys("pp")
    last = find(driver, "#mark-bar").get_attribute("data-marks")
    assert driver.current_url.endswith(f"#m{last}")
    find(driver, ".back a").click()
    wait(driver, lambda d: count(d, ".hit") == 2)


def test_the_citation_is_copied_with_one_click(driver: Chrome, base: str) -> None:
    driver.get(base + "/announcements/a1")
    driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite"], "origin": base})
    button = find(driver, "[data-copy]")
    button.click()
    wait(driver, lambda d: button.text == "已复制")
    copied = driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == find(driver, "#citation").text


def test_dragging_over_the_histogram_chooses_the_time_between(driver: Chrome, base: str) -> None:
    driver.get(base)
    bars = driver.find_elements(By.CSS_SELECTOR, ".histogram a path:first-of-type")
    first, last = (
        driver.execute_script(
            "const r = arguments[0].getBoundingClientRect(); return [r.x + r.width / 2, r.y + 20]", bar
        )
        for bar in (bars[0], bars[-1])
    )
    point = {"type": "mouseMoved", "x": first[0], "y": first[1]}
    driver.execute_cdp_cmd("Input.dispatchMouseEvent", point)
    loaded = (
        "return performance.getEntriesByType('resource').some(e => e.name.includes('histogram.js') && e.responseEnd)"
    )
    wait(driver, lambda d: d.execute_script(loaded))
    for kind, (x, y) in (("mousePressed", first), ("mouseMoved", last), ("mouseReleased", last)):
        driver.execute_cdp_cmd(
            "Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
        )
    wait(driver, lambda d: "from=2021-01-01&to=2024-12-31" in d.current_url)


def test_the_language_is_switched_and_stays(driver: Chrome, base: str) -> None:
    driver.get(base + "/?q=帮扶")
    find(driver, ".switches a").click()
    wait(driver, lambda d: find(d, "html").get_attribute("lang") == "en")
    driver.get(base + "/sources")
    assert find(driver, "h1").text == "Coverage"


def test_everything_works_without_a_script(base: str) -> None:
    with browser(script=False) as driver:
        driver.get(base)
        find(driver, "#q").send_keys("对口帮扶", Keys.ENTER)
        wait(driver, lambda d: count(d, ".hit") == 2)
        find(driver, '#form [data-key="通知"]').click()
        wait(driver, lambda d: count(d, ".hit") == 1)
        find(driver, ".chips a").click()
        wait(driver, lambda d: count(d, ".hit") == 2)
        find(driver, ".map a").click()
        wait(driver, lambda d: count(d, ".chips a") == 1)
        find(driver, ".hit h2 a").click()
        find(driver, "[data-step='1']").click()
        assert find(driver, "mark:target + .hop").is_displayed()
        find(driver, "mark:target + .hop a").click()
        assert driver.current_url.endswith("#m2")


def test_a_hostile_announcement_runs_nothing(driver: Chrome, base: str) -> None:
    for address in ("/announcements/evil?q=alert", "/?q=alert", "/sources"):
        driver.get(base + address)
        assert "<script>alert(1)</script>" in find(driver, "main").text
        assert driver.execute_script("return document.querySelectorAll('main script, main img').length") == 0


# Days, document numbers and figures that lie on two lines; none that are a part of an address or a path.
BROKEN = r"""
const broken = [], range = document.createRange();
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const whole = /\d{4}-\d\d(-\d\d)?|\d+([.,:]\d+)+|\d{2,}|[〔［[]\d{4}[〕］\]]第?\d+号|\d{4}年\d+月(\d+日)?/g;
while (texts.nextNode()) {
  const text = texts.currentNode;
  if (text.parentElement.closest("script, style, pre, code, .unseen, svg")) continue;
  for (const found of text.data.matchAll(whole)) {
    const end = found.index + found[0].length;
    if (/[\w/#.-]/.test(text.data[found.index - 1] ?? "") || /[\w/#]/.test(text.data[end] ?? "")) continue;
    range.setStart(text, found.index);
    range.setEnd(text, end);
    const lines = new Set([...range.getClientRects()].filter((one) => one.width).map((one) => Math.round(one.top)));
    if (lines.size > 1) broken.push(found[0]);
  }
}
return broken;
"""


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 3840])
@pytest.mark.parametrize("address", PAGES)
def test_no_page_is_wider_than_the_screen_nor_breaks_a_number(
    driver: Chrome, base: str, address: str, width: int
) -> None:
    resize(driver, width)
    driver.get(base + address)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    if width == 320:
        assert driver.execute_script(BROKEN) == []


def violations(driver: Chrome) -> list[str]:
    found = driver.execute_async_script("axe.run(document, {resultTypes: ['violations']}).then(arguments[0])")
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def test_values_of_a_facet_are_found_while_one_types(driver: Chrome, base: str) -> None:
    driver.get(f"{base}/?q=示例&more=source")
    field = driver.find_element(By.CSS_SELECTOR, "#source .find input[type=search]")
    field.send_keys("花都区")
    wait(driver, lambda d: shown(d, "#source .ticks a") == ["花都区农业农村局\n1"])
    assert driver.switch_to.active_element == field


def test_a_search_is_saved_in_the_browser_listed_on_the_front_page_and_forgotten(driver: Chrome, base: str) -> None:
    driver.get(f"{base}/?q=帮扶")
    driver.find_element(By.LINK_TEXT, "保存检索").click()
    wait(driver, lambda d: d.find_elements(By.ID, "save"))
    driver.find_element(By.CSS_SELECTOR, "#save button").click()
    wait(driver, lambda d: shown(d, ".saved-name") == ["帮扶"])
    driver.get(base)
    wait(driver, lambda d: shown(d, "#saved .saved-name") == ["帮扶"])
    driver.find_element(By.CSS_SELECTOR, "#saved button").click()
    wait(driver, lambda d: not d.find_element(By.ID, "saved").is_displayed())
    assert driver.execute_script("return localStorage.getItem('policy-search.saved')") is None


@pytest.mark.skipif(not REQUIRED and not AXE.exists(), reason="axe-core is not at hand")
# Contrast depends on the colours, names on the language, what scrolls on the width: two of the eight meet each of all.
@pytest.mark.parametrize(("scheme", "language", "width"), [("light", "zh", 360), ("dark", "en", 1280)])
def test_no_page_keeps_anyone_out(driver: Chrome, base: str, language: str, scheme: str, width: int) -> None:
    axe = AXE.read_text(encoding="utf-8")
    driver.get(f"{base}/?lang={language}&theme={scheme}")
    found = {}
    resize(driver, width)
    for address in PAGES:
        driver.get(base + address)
        driver.execute_script(axe)
        found[address] = violations(driver)
    assert {place: told for place, told in found.items() if told} == {}
