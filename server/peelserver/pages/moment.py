"""The two days of every page: the day asked about, and the day by which documents were public.

Both stand in the address (``on``, ``known``), and links from a page keep them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from peelgraph import phrases
from peelgraph.questions import parameter
from peelgraph.values import check_form, today


@dataclass(frozen=True, slots=True)
class Moment:
    """The day asked about, and the day by which documents count (``all``: every document).

    >>> then = Moment("2024-06-01", "2024-08-01", today="2026-11-22")
    >>> then.keep("/id/force/kent#phases")
    '/id/force/kent?on=2024-06-01&known=2024-08-01#phases'
    >>> Moment("2026-11-22", "all", today="2026-11-22").keep("/status", kind="recommendation")
    '/status?kind=recommendation'
    """

    on: str
    known: str
    today: str

    @property
    def given(self) -> dict[str, str]:
        """What has to stand in an address so that it means this moment."""
        found = {"on": self.on} if self.on != self.today else {}
        return found | ({"known": self.known} if self.known != "all" else {})

    @property
    def query(self) -> str:
        """The part of an address behind the question mark; empty for today and all documents."""
        return urlencode(self.given)

    @property
    def is_today(self) -> bool:
        """Whether it is today that is asked about."""
        return self.on == self.today

    @property
    def says(self) -> str:
        """The moment as a phrase."""
        day = "Today" if self.is_today else f"On {phrases.day(self.on)}"
        return day if self.known == "all" else f"{day}, as known on {phrases.day(self.known)}"

    def keep(self, address: str, **more: str) -> str:
        """Return an address of this server with this moment and *more* parameters in it."""
        asked = {name: value for name, value in more.items() if value} | self.given
        if not asked:
            return address
        rest, hash_, fragment = address.partition("#")
        return f"{rest}?{urlencode(asked)}{hash_}{fragment}"


def moment(arguments: Mapping[str, str]) -> Moment:
    """Return the moment that an address asks for.

    :raises BadValue: one of the two is no day
    """
    return Moment(
        on=check_form(parameter("on"), arguments.get("on") or "today"),
        known=check_form(parameter("known"), arguments.get("known") or "all"),
        today=today(),
    )
