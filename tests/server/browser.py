"""What browser tests look for on every page: nothing for axe to find, and a silent console."""

from collections.abc import Mapping

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

#: what forced colours and a dark page can spoil
_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


def wrong(page: Page, options: Mapping[str, object] | None = None) -> list[str]:
    """Return what axe finds on a page: the rule, and the elements."""
    found = Axe().run(page, options=options or {})
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


def accessible(page: Page, path: str) -> None:
    """Look at a page in light, dark and forced colours, and 320 px wide (1280 px at 400 %)."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 40" not in message.text:
            said.append(message.text)

    page.on("console", listen)
    try:
        page.emulate_media(color_scheme="light", forced_colors="none")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        assert wrong(page) == []
        page.emulate_media(color_scheme="dark")
        assert wrong(page, _COLOURS) == []
        page.emulate_media(color_scheme="light", forced_colors="active")
        assert wrong(page, _COLOURS) == []
        page.emulate_media(forced_colors="none")
        page.set_viewport_size({"width": 320, "height": 256})
        assert wrong(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert said == []
    finally:
        page.remove_listener("console", listen)
