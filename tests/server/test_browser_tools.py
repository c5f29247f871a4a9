"""Search, SPARQL, vocabulary and questions in a real browser, and the journey "my own query"."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .test_browser_pages import check, wrong

QUERY = "SELECT ?force ?name { ?force a peel:PoliceForce ; rdfs:label ?name } ORDER BY ?name"
MISTAKEN = "SELECT *\nWHERE {\n  ?s pell:date ?o .\n}"

#: looked at every day, and with all tests
PAGES = (
    *("/search?q=vettign+recommendation", "/sparql?query=ASK {}"),
    "/questions/phase?force=west-midlands",
)
LONG = (
    *("/search?q=xyzzyq", "/sparql?query=SELEKT", "/ontology/alignments/org", "/scheme/basis"),
    *("/questions", "/questions/lineage?item=effective-investigatoins", "/ontology/agents"),
    *(
        "/sparql",
        "/shapes/reference",
        "/vocabulary",
        "/ontology",
        "/shapes",
        "/feeds",
        f"/sparql?query={QUERY}",
    ),
)


@pytest.fixture(scope="module")
def page(browser: Browser, live: str) -> Iterator[Page]:
    context = browser.new_context(base_url=live)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain(browser: Browser, live: str) -> Iterator[Page]:
    """Return a page in a browser that runs no script."""
    context = browser.new_context(base_url=live, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def editor(page: Page) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/sparql")
    return page


@pytest.mark.parametrize("path", PAGES)
def test_accessible_in_every_mode_and_silent(page: Page, path: str) -> None:
    check(page, path)


@pytest.mark.slow
@pytest.mark.parametrize("path", LONG)
def test_long_pages_too(page: Page, path: str) -> None:
    check(page, path, thorough=True)


class TestMyOwnQuery:
    def test_run_sort_link_and_back(self, editor: Page) -> None:
        query = editor.get_by_label("Query", exact=True)
        query.fill(QUERY)
        query.press("Control+Enter")
        expect(editor.locator("#state")).to_contain_text("43 rows.")
        expect(query).to_be_focused()
        assert "query=SELECT" in editor.url
        name = editor.get_by_role("columnheader", name="name")
        first = editor.locator("tbody tr").first
        expect(first).to_contain_text("Avon and Somerset")
        name.get_by_role("button").click()
        expect(name).to_have_attribute("aria-sort", "ascending")
        name.get_by_role("button").click()
        expect(name).to_have_attribute("aria-sort", "descending")
        expect(first).to_contain_text("Wiltshire")
        first.get_by_role("link").click()
        expect(editor.get_by_role("heading", level=1)).to_contain_text("Wiltshire Police")
        editor.go_back()
        expect(editor.get_by_label("Query", exact=True)).to_have_value(QUERY)

    def test_a_mistake_leads_to_its_place(self, editor: Page) -> None:
        query = editor.get_by_label("Query", exact=True)
        query.fill(MISTAKEN)
        editor.get_by_role("button", name="Run").click()
        alert = editor.get_by_role("alert")
        expect(alert).to_contain_text("line 3, column 6")
        expect(alert.locator("mark")).to_have_text("p")
        expect(alert).to_contain_text("Do you mean 'peel:'")
        expect(editor.locator(".numbers b")).to_have_text("3")
        expect(query).to_have_attribute("aria-invalid", "true")
        assert wrong(editor) == []
        editor.get_by_role("button", name="Go to line 3, column 6").click()
        assert query.evaluate("each => each.selectionStart") == MISTAKEN.index("pell")
        query.press("ArrowLeft")
        query.press("End")
        expect(editor.locator(".numbers b")).to_have_text("3")
        query.fill(QUERY)
        expect(editor.locator(".numbers b")).to_have_count(0)

    def test_examples_and_prefixes(self, editor: Page) -> None:
        editor.get_by_role("link", name="How often each theme").click()
        query = editor.get_by_label("Query", exact=True)
        assert "peel:polarity ?polarity" in query.input_value()
        editor.get_by_role("button", name="Declare the prefixes").click()
        expect(editor.locator("#state")).to_have_text("The prefixes are declared.")
        assert query.input_value().startswith("PREFIX peel: <https://w3id.org/peelgraph/ontology#>")
        assert editor.url.endswith("/sparql")

    def test_tab_leaves_the_field(self, editor: Page) -> None:
        editor.get_by_label("Query", exact=True).focus()
        editor.keyboard.press("Tab")
        expect(editor.get_by_role("button", name="Run")).to_be_focused()

    def test_cancel(self, editor: Page) -> None:
        editor.route("**/sparql?*", lambda route: None)
        editor.get_by_role("button", name="Run").click()
        expect(editor.locator("#state")).to_have_text("Running …")
        editor.get_by_role("button", name="Cancel").click()
        expect(editor.locator("#state")).to_have_text("Cancelled.")
        expect(editor.get_by_role("button", name="Run")).to_be_enabled()
        expect(editor.get_by_role("button", name="Cancel")).to_be_hidden()
        editor.unroute("**/sparql?*")

    def test_a_download(self, editor: Page) -> None:
        editor.get_by_label("Query", exact=True).fill(QUERY)
        editor.get_by_label("Answer as").select_option("csv")
        with editor.expect_download() as download:
            editor.get_by_role("button", name="Run").click()
        assert download.value.suggested_filename == "sparql.csv"

    def test_without_a_script(self, plain: Page) -> None:
        plain.goto("/sparql")
        plain.get_by_role("link", name="How often each theme").click()
        query = plain.get_by_label("Query", exact=True)
        assert "peel:polarity ?polarity" in query.input_value()
        plain.get_by_role("button", name="Run").click()
        expect(plain.locator("#count")).to_contain_text("rows")
        query.fill(MISTAKEN)
        plain.get_by_role("button", name="Run").click()
        expect(plain.locator("#wrong mark")).to_have_text("p")
        assert plain.get_by_label("Query", exact=True).input_value() == MISTAKEN
        plain.get_by_role("button", name="Declare the prefixes").click()
        assert plain.get_by_label("Query", exact=True).input_value().startswith(MISTAKEN)


class TestSearch:
    def test_find_narrow_and_open(self, plain: Page) -> None:
        plain.goto("/")
        plain.get_by_role("navigation", name="Site").get_by_role("link", name="Search").click()
        plain.get_by_label("Words to look for").fill("vettign backlog")
        plain.get_by_role("main").get_by_role("button", name="Search").click()
        expect(plain.get_by_role("main")).to_contain_text("Searched for vetting instead.")
        plain.get_by_role("link", name="Recommendation").click()
        plain.get_by_role("link", name="Vet everyone, clear the backlog").click()
        expect(plain.get_by_role("heading", level=1)).to_contain_text("Vet everyone")
