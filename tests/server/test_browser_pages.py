"""The pages in a real browser: accessible in every mode, silent on the console, good on paper."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect

from peelgraph.namespaces import BASE, KINDS

CONCERN = "/id/cause-of-concern/wmp-2023-investigations"
LETTER = "hmicfrs-wmp-letter-2024-09-18"

#: one page of every kind of page
PAGES = (
    *("/status?kind=cause-of-concern", CONCERN, "/id/force/no-such-force"),
    *(
        pytest.param(path, marks=pytest.mark.slow)
        for path in (
            *("/about", "/status?on=soon&kind=x", "/id/force/west-midlands", "/", "/status"),
            *(f"/passages/{LETTER}/1093-1167", "/status?force=kent", "/exports"),
            *("/id/inspection/wmp-2023-peel", "/scheme/theme/vetting", "/id/force/kent"),
            *(f"{CONCERN}?on=2024-03-01&known=2024-03-01", "/id/person/simon-foster"),
            "/id/document/redditch-standard-wmp-peel-2018-19",
            *("/id/recommendation/wmp-2019-vetting-1", f"/id/document/{LETTER}"),
        )
    ),
)

#: what forced colours and a dark page can spoil, and what a narrow one can
_COLOURS = ["color-contrast", "link-in-text-block"]
_NARROW = [
    *("color-contrast", "target-size", "scrollable-region-focusable", "summary-name"),
    "empty-table-header",
]

WIDE: ViewportSize = {"width": 1280, "height": 900}
#: also 1280 px at 400 %
SMALL: ViewportSize = {"width": 320, "height": 256}

#: scheme, forced colours, window, and the rules that stand for all of them every day
MODES = (
    ("light", "none", WIDE, None),
    ("dark", "none", WIDE, _COLOURS),
    ("dark", "active", WIDE, _COLOURS),
    ("light", "none", SMALL, _NARROW),
)
#: the others, in which every rule is run with all tests
MORE = (
    ("light", "active", WIDE, None),
    ("dark", "none", SMALL, None),
    ("light", "active", SMALL, None),
    ("dark", "active", SMALL, None),
)

AXE = Axe()


@pytest.fixture(scope="module")
def page(browser: Browser, live: str) -> Iterator[Page]:
    context = browser.new_context(base_url=live)
    yield context.new_page()
    context.close()


def wrong(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds on a page by some rules, or by all: the rule, and the elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = page.evaluate("options => axe.run(options).then(each => each.violations)", options)
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("path", PAGES)
def test_accessible_in_every_mode_and_silent(
    page: Page, path: str, request: pytest.FixtureRequest
) -> None:
    check(page, path, thorough=request.node.get_closest_marker("slow") is not None)


def check(page: Page, path: str, *, thorough: bool = False) -> None:
    """Load a page once, and look at it in one mode after another.

    :param thorough: run every rule in every mode, not only those that the mode can break
    """
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 40" not in message.text:
            said.append(message.text)

    page.on("console", listen)
    try:
        set_mode(page, "light", "none")
        page.set_viewport_size(WIDE)
        page.goto(path)
        for scheme, forced, window, rules in (*MODES, *(MORE if thorough else ())):
            set_mode(page, scheme, forced)
            page.set_viewport_size(window)
            mode = (scheme, forced, window["width"])
            assert page.evaluate("document.documentElement.scrollWidth") <= window["width"], mode
            assert wrong(page, None if thorough else rules) == [], mode
        assert said == []
    finally:
        page.remove_listener("console", listen)


def set_mode(page: Page, scheme: str, forced: str) -> None:
    page.emulate_media(color_scheme=scheme, forced_colors=forced)  # type: ignore[arg-type]


#: what a keyboard must reach
_REACHABLE = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]'
)].filter(each => each.matches('.skip') || each.checkVisibility()).length"""

#: what has the focus: its number, its mark-up, and how its outline looks
_FOCUSED = """() => {
    const each = document.activeElement, style = getComputedStyle(each);
    const seen = window.seen ??= new Map();
    if (!seen.has(each)) seen.set(each, seen.size);
    const box = each.getBoundingClientRect();
    return [seen.get(each), each.outerHTML.slice(0, 80), style.outlineStyle,
            parseFloat(style.outlineWidth), style.outlineColor,
            getComputedStyle(document.body).backgroundColor, box.width * box.height];
}"""


@pytest.mark.parametrize("mode", [("light", "none"), ("dark", "none"), ("light", "active")])
def test_keyboard_reaches_everything_and_focus_is_seen(page: Page, mode: tuple[str, str]) -> None:
    set_mode(page, *mode)
    page.set_viewport_size(WIDE)
    page.goto("/status?kind=cause-of-concern")
    wanted = page.evaluate(_REACHABLE)
    reached: dict[int, str] = {}
    for _ in range(2 * wanted):
        page.keyboard.press("Tab")
        number, element, style, width, colour, paper, area = page.evaluate(_FOCUSED)
        if element.startswith("<body") or (number == 0 and len(reached) > 1):
            break
        assert style != "none", element
        assert width >= 2, element
        assert colour != paper, element
        assert area > 0, element
        reached[number] = element
    assert "skip" in reached[0]
    assert len(reached) == wanted
    for part in ('id="known"', 'id="theme"', "<button", "<summary"):
        assert any(part in each for each in reached.values()), part


def test_skip_link_leads_to_the_content(page: Page) -> None:
    page.goto("/about")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(
    "path",
    [CONCERN, pytest.param("/id/cause-of-concern/wmp-2019-vetting", marks=pytest.mark.slow)],
)
def test_a_concern_prints_on_two_pages(page: Page, path: str) -> None:
    set_mode(page, "light", "none")
    page.set_viewport_size(WIDE)
    page.goto(path)
    content = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 2


def test_the_place_of_a_passage_on_its_document(page: Page) -> None:
    page.goto(f"/id/document/{LETTER}#char=1093,1167")
    assert "Characters 1093 to 1167" in page.locator(":target").inner_text()


class TestJourneys:
    @pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
    def reader(self, browser: Browser, live: str, request: pytest.FixtureRequest) -> Iterator[Page]:
        context = browser.new_context(base_url=live, java_script_enabled=request.param)
        yield context.new_page()
        context.close()

    def test_what_is_open(self, reader: Page) -> None:
        reader.goto("/")
        reader.get_by_role("link", name="What is open, and what was closed").first.click()
        reader.locator("select#status").select_option("presumed-open")
        reader.get_by_role("button", name="Show").click()
        assert "20 items:" in reader.locator("main").inner_text()
        expect(reader.locator("tbody tr")).to_have_count(20)
        reader.get_by_role("link", name="Causes of concern").first.click()
        expect(reader.locator("tbody tr")).to_have_count(4)

    def test_why_is_this_open_and_who_answered(self, reader: Page) -> None:
        reader.goto("/about")
        reader.get_by_role("link", name="Status").first.click()
        reader.get_by_role("link", name="Vet everyone, clear the backlog").click()
        assert "No document says that it was closed" in reader.locator("main").inner_text()
        answers = reader.locator("section", has=reader.locator("#answers"))
        assert "The force on its vetting backlog" in answers.inner_text()

    def test_has_this_come_up_before(self, reader: Page) -> None:
        reader.goto(CONCERN)
        again = reader.locator("section", has=reader.locator("#again"))
        assert "We infer it" in again.inner_text()
        again.locator(".entry a").first.click()
        assert "Record all evidence at crime scenes" in reader.locator("h1").inner_text()

    def test_prove_it(self, reader: Page) -> None:
        reader.goto(CONCERN)
        evidence = reader.locator("section", has=reader.locator("#evidence"))
        evidence.get_by_role("link", name=re.compile("characters 1502")).click()
        assert "carries out effective investigations" in reader.locator("main").inner_text()
        public = reader.get_by_role("link", name="See these very words on the public page")
        address = public.get_attribute("href") or ""
        assert address.startswith("https://hmicfrs.justiceinspectorates.gov.uk/")
        assert "#:~:text=" in address

    def test_as_it_looked_on_1_march_2024(self, reader: Page) -> None:
        reader.goto("/")
        reader.get_by_label("As it stood on").fill("2024-03-01")
        reader.get_by_label("As known on").fill("2024-03-01")
        reader.get_by_role("button", name="Show").click()
        reader.get_by_role("link", name="West Midlands Police").first.click()
        assert "On 1 March 2024, as known on 1 March 2024." in reader.locator("main").inner_text()
        assert "Effective investigations" not in reader.locator("main").inner_text()
        reader.get_by_role("link", name="Causes of concern").first.click()
        assert "known=2024-03-01" in reader.url
        expect(reader.locator("tbody tr")).to_have_count(3)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_things_of_every_kind_are_accessible(page: Page, kind: str) -> None:
    question = f'SELECT ?t {{ ?t peel:kindToken "{kind}" }} ORDER BY ?t LIMIT 200'
    accept = {"Accept": "application/sparql-results+json"}
    answer = page.request.get("/sparql", params={"query": question}, headers=accept).json()
    things = [row["t"]["value"] for row in answer["results"]["bindings"]]
    assert things
    for iri in {things[0], things[len(things) // 2]}:
        check(page, "/" + iri.removeprefix(BASE), thorough=True)
