"""What surrounds every page: its place in the site, its moment, its forms as data."""

from dataclasses import dataclass
from typing import Any

from flask import render_template

from peelgraph.namespaces import BASE
from peelserver.linkeddata.rdf import FORMS
from peelserver.pages import schemaorg
from peelserver.pages.knowledge import Shown
from peelserver.pages.moment import Moment

ATOM = "application/atom+xml"

#: what the forms of data are called, by the ending of their address
_FORM_NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"}


@dataclass(frozen=True, slots=True)
class Form:
    """The same page as data."""

    name: str
    address: str
    media: str


def page(
    template: str,
    moment: Moment,
    *,
    title: str,
    crumbs: tuple[Shown, ...] = (),
    iri: str = "",
    about: dict[str, object] | None = None,
    **context: Any,
) -> str:
    """Return a page.

    :param crumbs: the pages above it
    :param iri: the thing that it is about, if it is about one
    :param about: what schema.org can say of that
    """
    above = () if template == "start.html" else (Shown("Start", moment.keep("/")), *crumbs)
    return render_template(
        template,
        title=title,
        moment=moment,
        crumbs=above,
        iri=iri,
        as_data=forms(iri),
        exports=exports(iri),
        structured=schemaorg.script(title, above, about),
        **context,
    )


def exports(iri: str) -> str:
    """Return where a thing, a force or a theme can be had as graph, picture or report.

    >>> exports("https://w3id.org/peelgraph/id/force/kent")
    '/exports?force=kent'
    >>> exports("https://w3id.org/peelgraph/id/cause-of-concern/wmp-2019-vetting")
    '/exports?item=cause-of-concern/wmp-2019-vetting'
    """
    path = "/" + iri.removeprefix(BASE)
    for start, part in (("/id/force/", "force"), ("/scheme/theme/", "theme"), ("/id/", "item")):
        if iri and path.startswith(start):
            return f"/exports?{part}={path.removeprefix(start)}"
    return ""


def forms(iri: str) -> tuple[Form, ...]:
    """Return where a thing can be had as data.

    >>> [form.address for form in forms("https://w3id.org/peelgraph/id/force/kent")][:2]
    ['/id/force/kent.ttl', '/id/force/kent.jsonld']
    """
    if not iri:
        return ()
    path = "/" + iri.removeprefix(BASE)
    order = [ending for ending in _FORM_NAMES if ending in FORMS]
    found = [Form(_FORM_NAMES[ending], f"{path}.{ending}", FORMS[ending]) for ending in order]
    for start in ("/id/force/", "/scheme/theme/"):
        if path.startswith(start):
            of, slug = path.split("/")[-2:]
            found.append(Form("feed of changes", f"/feeds/{of}/{slug}.atom", ATOM))
    return tuple(found)
