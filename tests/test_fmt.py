"""``peelgraph fmt`` changes the layout of a record, and never what it says."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from peelgraph.cli.fmt import fmt
from peelgraph.evidence.layout import CannotFormat, formatted
from peelgraph.evidence.turtle import tokens
from peelgraph.resources import SHIPPED

SHIPPED_FILES = sorted(file for file in (SHIPPED.root / "graph").rglob("*.ttl"))
EXAMPLES = sorted((SHIPPED.shapes / "examples").rglob("*.ttl"))[::7]
HEAD = "@prefix p: <http://p/> .\n\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(fmt, [str(each) for each in arguments])


def said(text: str) -> ox.Dataset:
    found = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found


def comments(text: str) -> list[str]:
    return sorted(each.text.rstrip() for each in tokens(text) if each.kind == "comment")


@pytest.mark.parametrize("file", SHIPPED_FILES, ids=lambda file: file.stem)
def test_the_shipped_files_are_laid_out(file: Path) -> None:
    assert formatted(file.read_text("utf-8")) == file.read_text("utf-8")


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_graph_and_the_comments_stay(file: Path) -> None:
    before = file.read_text("utf-8")
    crowded = " ".join(before.split("\n")) if "#" not in before and '"""' not in before else before
    for text in (before, crowded):
        after = formatted(text)
        assert isomorphic(Graph().parse(data=text), Graph().parse(data=after))
        assert comments(text) == comments(after)
        assert formatted(after) == after


def test_lists_blank_nodes_and_long_literals_stay_as_they_are() -> None:
    text = HEAD + (
        "p:a   p:list ( 1   p:b [ p:c  true;p:d 'x'@en ,"
        "'''two\n  lines # no comment'''] ( ) [] );\n"
        'p:e "a;b . c"^^p:type , -1.5e3 ;; p:f.g p:h\\,i .\n[ p:j p:k ] p:l p:m .\n[ p:n p:o ] .'
    )
    after = formatted(text)
    assert said(after) == said(text)
    assert "'''two\n  lines # no comment'''" in after
    assert 'p:e "a;b . c"^^p:type, -1.5e3 ;\n' in after
    assert after.endswith("\n[ p:j p:k ] p:l p:m .\n\n[ p:n p:o ] .\n")


def test_each_comment_keeps_its_place() -> None:
    text = HEAD + (
        "# above\n\n# about a\np:a p:b p:c ; # behind b\n  # before d\n  p:d p:e, # behind e\n"
        "  # before f\n p:f . # behind a\n# the end"
    )
    assert formatted(text) == HEAD + (
        "# above\n\n# about a\np:a p:b p:c ;  # behind b\n    # before d\n    p:d\n"
        "        p:e,  # behind e\n        # before f\n        p:f .  # behind a\n\n# the end\n"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("p:a # why\n p:b p:c .", "line 3, column 5: a comment stands inside a property"),
        ("p:a p:b # why\n p:c .", "a comment stands inside a property"),
        ("p:a p:b [ p:c # why\n p:d ] .", "a comment stands inside a property"),
        ("p:a p:b p:c # why\n .", "a comment stands inside a property"),
        ("p:a p:b p:c ; # one\n # two\n .", "a comment stands before the full stop"),
        ("<#char=0,1> p:b p:c ; # why\n p:d p:e .", "a comment stands inside one line"),
        ("p:a p:b p:c", "a full stop is missing"),
        ('p:a p:b "c .', "this cannot be cut into tokens"),
        ("{ p:a p:b p:c }", "a full stop is missing"),
    ],
)
def test_what_has_no_place_is_refused(text: str, reason: str) -> None:
    with pytest.raises(CannotFormat, match=reason):
        formatted(HEAD + text)


def test_prefixes_are_sorted_where_that_changes_nothing() -> None:
    b, a = "@prefix b: <http://b/> .\n", "@prefix a: <http://a/> .\n"
    base = "@base <http://d> .\n"
    assert formatted(b + base + a + "b:x a:y <> .") == base + a + b + "\nb:x a:y <> .\n"
    again = "@prefix b: <http://c/> .\n"
    assert formatted(b + a + again + "b:x a:y b:z .").startswith(b + a + again)
    relative = "@prefix b: <#> .\n"
    assert formatted(relative + base + a + "b:x a:y b:z .").startswith(relative + base)


def test_passages_stay_one_to_a_line_and_evidence_is_a_list() -> None:
    passage = "<#char=0,1> a p:Passage ; p:digest 'x' ."
    text = HEAD + f"p:a p:evidence <#char=0,1>, <#char=1,2> .\n\n{passage}\n{passage}\n"
    listed = "p:a p:evidence\n        <#char=0,1>,\n        <#char=1,2> ."
    assert formatted(text) == HEAD + f"{listed}\n\n{passage}\n{passage}\n"


def test_line_ends_stay() -> None:
    assert formatted("<http://a> <http://b> 1;<http://c> 2.\r\n") == (
        "<http://a> <http://b> 1 ;\r\n    <http://c> 2 .\r\n"
    )


TERM = st.sampled_from(["p:a", "p:b.c", '"x # y"@en', "'''a\n'''", "1.5", "true", "<http://q/#r>"])
SPACE = st.sampled_from([" ", "\n", "\n\n  ", "\t"])


@st.composite
def turtle(draw: st.DrawFn) -> str:
    """Return Turtle with space and comments wherever they may stand."""

    def value(depth: int = 0) -> str:
        form = draw(st.integers(0, 6 if depth < 2 else 4))
        if form == 5:
            return (
                f"({space()}{' '.join(value(depth + 1) for _ in range(draw(st.integers(0, 2))))})"
            )
        if form == 6:
            return f"[{space()}p:in{space()}{value(depth + 1)}{space()}]"
        return draw(TERM)

    def space() -> str:
        return draw(SPACE)

    parts = [HEAD]
    for _ in range(draw(st.integers(1, 3))):
        parts += [draw(st.sampled_from(["", "# note\n", "\n# a\n\n# b\n"])), "p:s", space()]
        for number in range(draw(st.integers(1, 3))):
            mark = f"{space()};{draw(st.sampled_from(['', ' # n', ';']))}\n" if number else ""
            objects = f"{space()},{space()}".join(value() for _ in range(draw(st.integers(1, 3))))
            parts += [mark, "p:p", space(), objects]
        parts += [space(), ".", draw(st.sampled_from(["\n", " # end\n", " "]))]
    return "".join(parts)


@given(turtle())
@settings(max_examples=60, deadline=None)
def test_any_turtle_says_the_same_afterwards(text: str) -> None:
    after = formatted(text)
    assert said(after) == said(text)
    assert comments(after) == comments(text)
    assert formatted(after) == after


def test_check_writes_nothing_and_names_what_would_change(tmp_path: Path) -> None:
    file = tmp_path / "loose.ttl"
    file.write_text("<http://a>  <http://b> 1 .")
    result = run("--check", tmp_path)
    assert (result.exit_code, result.stdout) == (1, f"{file}\n")
    assert "1 file, 1 would change." in result.stderr
    assert file.read_text() == "<http://a>  <http://b> 1 ."
    assert run(file).exit_code == 0
    assert file.read_text() == "<http://a> <http://b> 1 .\n"
    result = run("--check", file)
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_file_that_cannot_be_laid_out_stays_and_the_others_are_changed(tmp_path: Path) -> None:
    contents = {
        "broken.ttl": b"<http://a> <http://b> .",
        "latin.ttl": b"<http://a> <http://b> '\xe9' .",
        "noted.ttl": b"<http://a> # why\n <http://b> 1 .",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "loose.ttl").write_text("<http://a>  <http://b> 1 .")
    result = run(tmp_path, tmp_path / "missing.ttl")
    assert result.exit_code == 2
    assert result.stdout == f"{tmp_path / 'loose.ttl'}\n"
    for said in ("broken.ttl: This is not Turtle", "latin.ttl: This is not UTF-8: byte 23"):
        assert said in result.stderr
    assert "noted.ttl: line 1, column 12: a comment stands inside a property." in result.stderr
    assert "missing.ttl: The file cannot be read" in result.stderr
    assert {name: (tmp_path / name).read_bytes() for name in contents} == contents


def test_the_shipped_files_are_the_default() -> None:
    result = run("--check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"{len(SHIPPED_FILES)} files, 0 would change." in result.stderr
