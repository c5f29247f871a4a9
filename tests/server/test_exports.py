"""``/exports``: the files of the command, negotiated, under addresses that stay."""

import io
import json
import re
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient

import peelgraph
from peelgraph.exports.formats import ALL, NAMES, named
from peelserver.state import State

OTHER = "0" * 64
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ITEM = "item=cause-of-concern/wmp-2023-investigations&on=2024-09-20"


@pytest.fixture
def client(served: tuple[Flask, State]) -> FlaskClient:
    return served[0].test_client()


@pytest.mark.parametrize("name", NAMES)
def test_each_format_is_the_file_of_the_command(
    client: FlaskClient, graph: peelgraph.Graph, name: str
) -> None:
    answer = client.get(f"/exports/{name}?{ITEM}&depth=1")
    form = named(name)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == form.media
    export = graph.export(item="wmp-2023-investigations", on="2024-09-20", depth="1")
    assert answer.data == form.write(export, graph.engine).body
    attached = answer.headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.[a-z]+"', attached)
    assert (
        f".{form.ending}" in attached and "wmp-2023-investigations-depth-1-2024-09-20" in attached
    )
    assert 'rel="license"' in answer.headers["Link"]


def test_a_permalink_gives_the_same_bytes(client: FlaskClient, served: tuple[Flask, State]) -> None:
    answer = client.get("/exports/gexf?force=west-midlands")
    bookmark = re.match(r'<([^>]+)>; rel="bookmark"', answer.headers["Link"])
    assert bookmark
    assert f"snapshot={served[1].digest()}" in bookmark[1]
    assert re.search(r"on=\d{4}-\d\d-\d\d&known=all", bookmark[1])
    later = client.get(bookmark[1])
    assert later.data == answer.data
    assert "max-age=86400" in later.headers["Cache-Control"]


def test_what_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get(f"/exports/turtle?{ITEM}")
    again = client.get(f"/exports/turtle?{ITEM}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"/exports/trig?{ITEM}")
    assert other.headers["ETag"] != first.headers["ETag"]


def test_two_formats_of_one_media_type_are_two(client: FlaskClient) -> None:
    first = client.get(f"/exports/node-link?{ITEM}")
    second = client.get(f"/exports/cytoscape?{ITEM}")
    assert first.headers["ETag"] != second.headers["ETag"]
    assert "elements" in second.get_json() and "nodes" in first.get_json()


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/gexf+xml", "application/gexf+xml"),
        ("text/turtle;q=0.5, application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("image/png", "image/png"),
        ("text/markdown, */*;q=0.1", "text/markdown"),
        ("text/html", "text/html"),
    ],
)
def test_the_client_chooses(client: FlaskClient, accept: str, media: str) -> None:
    answer = client.get(f"/exports?{ITEM}&depth=0", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, media)
    assert "Accept" in answer.headers["Vary"]


def test_none_that_is_to_be_had_is_406(client: FlaskClient) -> None:
    answer = client.get(f"/exports?{ITEM}", headers={"Accept": "audio/ogg"})
    assert answer.status_code == 406
    assert "application/gexf+xml" in answer.get_json()["detail"]


def test_the_page_has_every_format_of_the_part(client: FlaskClient) -> None:
    page = client.get(f"/exports?{ITEM}&depth=1", headers=BROWSER).text
    assert "Lineage of “Effective investigations”" in page
    for name in NAMES:
        assert re.search(
            rf'href="/exports/{name}\?item=cause-of-concern/wmp-2023-investigations&amp;depth=1'
            r"&amp;on=2024-09-20&amp;known=all\"",
            page,
        )
    assert "peelgraph export graphml --item cause-of-concern/wmp-2023-investigations" in page
    empty = client.get("/exports", headers=BROWSER).text
    assert "Files of everything" in empty
    assert "/exports/gexf?" in empty and "/exports/svg?" not in empty


def test_every_link_of_the_page_leads_to_a_file(client: FlaskClient) -> None:
    page = client.get("/exports?item=wmp-2019-vetting&depth=1", headers=BROWSER).text
    links = re.findall(r'href="(/exports/[^"]+)" download', page)
    assert len(links) >= 13
    for link in links:
        if "/png" not in link:
            assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_the_list_is_there_for_programs(client: FlaskClient) -> None:
    listed = client.get("/exports", headers={"Accept": "application/json"}).get_json()
    assert [each["name"] for each in listed] == [each.name for each in ALL]
    assert listed[0]["address"] == "/exports/graphml"


def test_any_site_may_read_it(client: FlaskClient) -> None:
    answer = client.get(f"/exports/cytoscape?{ITEM}", headers={"Origin": "https://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    asked = client.options("/exports/cytoscape")
    assert asked.status_code == 200 and "GET" in asked.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/exports/gefx", 404, "Did you mean 'gexf'"),
        (f"/exports/gexf?{ITEM}&force=kent", 400, "Choose one of"),
        ("/exports/gexf?item=nothing", 400, "nothing"),
        ("/exports/gexf?depth=x", 400, "number of steps"),
        ("/exports/gexf?on=soon", 400, "takes a day"),
        ("/exports/gexf?on=2024-01-01&on=2024-01-02", 400, "once"),
        ("/exports/gexf?format=x", 400, "There is no parameter 'format'"),
        ("/exports/gexf?kinds=x", 400, "cause-of-concern"),
        ("/exports/svg", 400, "lineage of one thing"),
        ("/exports/gexf?item=cause-of-concern/wmp-2023-maracs&known=2015-01-01", 400, "public by"),
        ("/exports?snapshot=x", 400, "64 hexadecimal digits"),
        (f"/exports/gexf?force=kent&snapshot={OTHER}&version=0.0.9", 410, "peelgraph export gexf"),
        (f"/exports?snapshot={OTHER}", 410, "does not keep"),
    ],
)
def test_what_is_wrong_is_said(client: FlaskClient, address: str, status: int, says: str) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert says in answer.get_json()["detail"]
    assert "Content-Disposition" not in answer.headers


def test_too_much_is_refused(
    client: FlaskClient, served: tuple[Flask, State], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peelserver.exports.views.MOST", 10)
    answer = client.get("/exports/dot?force=west-midlands&on=2023-03-03")
    assert answer.status_code == 413
    assert "Choose an item" in answer.get_json()["detail"]


def test_an_archive_arrives_whole(client: FlaskClient) -> None:
    answer = client.get(f"/exports/csv?{ITEM}", headers={"Accept-Encoding": "identity"})
    assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None


def test_a_command_is_given_that_can_be_run(client: FlaskClient) -> None:
    answer = client.get(f"/exports/gexf?all=true&depth=2&snapshot={OTHER}")
    command = json.loads(answer.data)["command"]
    assert command == "peelgraph export gexf --all --depth 2"
