"""A project of one's own: added to the shipped one or instead of it, also a stranger's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from click.testing import CliRunner, Result

from peelgraph.build import BuildError, build
from peelgraph.cli import cli
from peelgraph.resources import ALONE, PROJECT, SHIPPED, Project, current
from peelgraph.validation import Finding, examine, running

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "example-project"
RECORD = "graph/records/midshire-letter-2025-09-18.ttl"
HEAD = """\
@prefix ex: <https://stranger.example/#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments], env={"GITHUB_ACTIONS": ""})


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the example project in a git repository."""
    shutil.copytree(EXAMPLE, tmp_path / "midshire")
    git(tmp_path / "midshire", "init", "--quiet")
    commit(tmp_path / "midshire")
    return tmp_path / "midshire"


def git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=x", "-c", "user.email=x@x.example")
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")


def damage(project: Path, old: str, new: str) -> None:
    file = project / RECORD
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


class TestExample:
    def test_it_conforms(self) -> None:
        result = run("--project", EXAMPLE, "validate", "--fail-on", "info")
        assert (result.exit_code, result.stdout) == (0, "")

    def test_its_own_shapes_speak_and_ours_do(self, copy: Path) -> None:
        damage(copy, '"2025-09-17"', '"17 September"')
        damage(copy, '    skos:prefLabel "Supervise investigations of serious crime"@en ;\n', "")
        found = {each.name for each in examine(Project(copy, SHIPPED)).findings}
        assert {"ItemShape-letter", "DateShape-edtf"} <= found

    def test_it_is_asked_like_ours(self, tmp_path: Path) -> None:
        os.environ["PEELGRAPH_CACHE"] = str(tmp_path)
        try:
            result = run(
                *("--project", EXAMPLE, "ask", "status", "--force", "midshire"),
                *("--on", "2025-10-01", "--format", "csv"),
            )
        finally:
            del os.environ["PEELGRAPH_CACHE"]
        assert result.exit_code == 0
        assert "/status/closed," in result.stdout and "/status/presumed-open," in result.stdout

    def test_the_passages_are_those_of_its_document(self) -> None:
        sources = ("--sources", EXAMPLE / "documents")
        assert (
            run("--project", EXAMPLE, "evidence", "check", *sources, EXAMPLE / RECORD).exit_code
            == 0
        )

    def test_the_project_is_forgotten_after_the_command(self) -> None:
        run("--project", EXAMPLE, "questions")
        assert current() == SHIPPED


def test_the_environment_names_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROJECT, str(EXAMPLE))
    assert current() == Project(EXAMPLE, SHIPPED)
    monkeypatch.setenv(ALONE, "1")
    assert current() == Project(EXAMPLE)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--project", "no-such-folder", "validate"], "does not exist"),
        (["--project", "tests", "validate"], "is no project"),
        (["--alone", "validate"], "needs a --project"),
    ],
)
def test_wrong_calls(arguments: list[str], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2 and says in " ".join(result.output.split())


def strange(tmp_path: Path, shapes: str, more: str = "") -> tuple[Finding, ...]:
    """Return what is found in a project that stands alone."""
    for part in ("ontology", "shapes", "graph/register"):
        (tmp_path / part).mkdir(parents=True, exist_ok=True)
    (tmp_path / "ontology" / "o.ttl").write_text(HEAD + "ex:Thing a owl:Class .\n")
    (tmp_path / "graph/register/r.ttl").write_text(HEAD + "ex:a a ex:Thing .\n" + more)
    (tmp_path / "shapes" / "s.ttl").write_text(HEAD + shapes)
    return examine(Project(tmp_path)).findings


SHAPE = "ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:sparql ex:rule, ex:other .\n"
OTHER = """ex:other a sh:SPARQLConstraint ; sh:message "Seen."@en ;
  sh:select "SELECT $this WHERE { $this a ?class }" .
"""
RULE = 'ex:rule a sh:SPARQLConstraint ; sh:message "Bad."@en ;\n  sh:select """{}""" .\n'


@pytest.mark.parametrize(
    ("select", "shape", "says"),
    [
        (
            "SELECT $this WHERE { $this a ?c SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "closed",
            "SERVICE",
        ),
        ("SELECT $this FROM <file:///etc/passwd> WHERE { $this a ?c }", "closed", "FROM"),
        ("SELECT $this WHERE { $this a ", "runs", "cannot be run"),
        ("ASK { $this a ?c }", "runs", "cannot be run"),
    ],
)
def test_a_rule_that_is_not_run_is_a_finding_at_its_line(
    tmp_path: Path, select: str, shape: str, says: str
) -> None:
    findings = strange(tmp_path, SHAPE + RULE.format(select) + OTHER)
    names = {each.name: each for each in findings}
    assert set(names) == {f"RuleShape-{shape}", "other"}
    assert says in names[f"RuleShape-{shape}"].message
    assert (names[f"RuleShape-{shape}"].line, names[f"RuleShape-{shape}"].column) == (6, 13)


def test_a_rule_without_an_end_is_stopped_and_the_others_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "DEADLINE", 1.0)
    things = "".join(f"ex:t{number} a ex:Thing .\n" for number in range(60))
    pairs = " . ".join(f"?a{number} a ?b{number}" for number in range(6))
    endless = f"SELECT $this WHERE {{ $this a ?k . {pairs} FILTER (?a0 = ?nothing) }}"
    findings = strange(tmp_path, SHAPE + RULE.format(endless) + OTHER, things)
    names = [each.name for each in findings]
    assert names.count("other") == 61
    (stopped,) = (each for each in findings if each.name == "RuleShape-runs")
    assert "more than 1 seconds" in stopped.message


@pytest.mark.parametrize(
    "shapes",
    [
        'ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; sh:js [ sh:jsFunctionName "f" ] .',
        'ex:C a sh:ConstraintComponent ; sh:validator [ sh:ask "ASK { SERVICE <urn:a> {} }" ] .',
        'ex:S a sh:NodeShape ; sh:target [ sh:select "SELECT ?this { ?this a ?c }" ] .',
    ],
)
def test_code_in_shapes_is_not_run(tmp_path: Path, shapes: str) -> None:
    assert {each.name for each in strange(tmp_path, shapes)} == {"RuleShape-plain"}


@pytest.mark.parametrize(
    "shapes",
    [
        'sh:property [ sh:path ex:p ; sh:minCount "x" ] .',
        'sh:pattern "(" .',
        "this is not Turtle",
    ],
)
def test_shapes_that_are_no_shapes_are_findings(tmp_path: Path, shapes: str) -> None:
    text = f"ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; {shapes}"
    names = {each.name for each in strange(tmp_path, text)}
    assert names and names <= {"RuleShape-plain", "FileShape-turtle", "FileShape-prefix"}


@pytest.mark.parametrize(
    "names",
    [
        *("sh:node ex:Thin", "sh:property ex:Thin", "sh:not ex:Thin"),
        *("sh:or ( ex:Shape ex:Thin )", "sh:and ( ex:Thin )", "sh:xone ( ex:Thin )"),
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShape ex:Thin ; sh:qualifiedMinCount 0 ]",
    ],
)
def test_a_shape_that_is_named_must_be_there(tmp_path: Path, names: str) -> None:
    text = f"ex:Shape a sh:NodeShape ; sh:targetClass ex:None ;\n    {names} ."
    finding = next(each for each in strange(tmp_path, text) if "nothing is said of" in each.message)
    assert (finding.name, finding.line) == ("RuleShape-plain", 5)
    assert finding.value == "https://stranger.example/#Thin"


def test_a_pattern_without_an_end_is_stopped_and_the_other_shapes_speak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "DEADLINE", 1.0)
    shapes = """ex:Endless a sh:NodeShape ; sh:targetClass ex:Thing ;
  sh:property [ sh:path ex:p ; sh:pattern "^(a+)+$" ] .
ex:Other a sh:NodeShape ; sh:targetClass ex:Thing ; sh:nodeKind sh:Literal ; sh:message "x" .
"""
    findings = strange(tmp_path, shapes, f'ex:a ex:p "{"a" * 40}b" .')
    assert {each.name for each in findings} == {"RuleShape-runs", "Other"}
    (stopped,) = (each for each in findings if each.name == "RuleShape-runs")
    assert stopped.focus.endswith("#Endless") and "more than 1 seconds" in stopped.message


def test_a_shape_without_a_name_speaks_through_the_one_that_has_it(tmp_path: Path) -> None:
    shapes = """ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ;
  sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:message "Say it."@en ] .
"""
    (finding,) = strange(tmp_path, shapes)
    assert (finding.name, finding.line, finding.column) == ("Shape", 4, 1)


class TestRules:
    def with_rule(self, tmp_path: Path, sparql: str) -> Project:
        (tmp_path / "graph/rules").mkdir(parents=True)
        (tmp_path / "graph/rules/90-own.rq").write_text(f'#+ summary = "x"\n{sparql}\n')
        return Project(tmp_path, SHIPPED)

    def test_a_rule_of_a_project_is_run(self, tmp_path: Path) -> None:
        ontology = "<http://www.w3.org/2002/07/owl#Ontology>"
        sparql = f"CONSTRUCT {{ ?s <https://a.example/p> 'x\\ny'@en }} {{ ?s a {ontology} }}"
        project = self.with_rule(tmp_path, sparql)
        assert b"<https://a.example/p>" in build(project, tmp_path / "out").path.read_bytes()

    def test_a_rule_that_reaches_out_is_not(self, tmp_path: Path) -> None:
        project = self.with_rule(
            tmp_path, "CONSTRUCT { ?s ?p ?o } { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
        )
        with pytest.raises(BuildError, match="reaches out of the graph with SERVICE"):
            build(project, tmp_path / "out")
        (finding,) = examine(Project(tmp_path)).findings
        assert (finding.name, finding.line, finding.column) == ("RuleShape-closed", 2, 26)

    def test_a_rule_that_does_not_parse_is_named(self, tmp_path: Path) -> None:
        project = self.with_rule(tmp_path, "CONSTRUCT { ?s ?p ?o } {")
        with pytest.raises(BuildError, match=r"90-own\.rq.*does not parse"):
            build(project, tmp_path / "out")


class TestChanges:
    def test_only_what_has_changed_and_what_follows_from_it(self, copy: Path) -> None:
        """The item is in the record, its force in the register: the record's finding follows."""
        damage(copy, "peel:position 1 ;", "peel:position 0 ;")
        commit(copy)
        own = copy / "graph/register/forces.ttl"
        own.write_text(own.read_text().replace("a peel:PoliceForce", "a peel:ForceGroup"))
        everything = run("--project", copy, "validate", "--format", "json").stdout
        changed = run("--project", copy, "validate", "--changed-since", "HEAD")
        assert changed.exit_code == 1
        assert RECORD in changed.stdout and "raisedAgainst" in changed.stdout
        assert "position" in everything and "position" not in changed.stdout

    def test_nothing_has_changed(self, copy: Path) -> None:
        result = run("--project", copy, "validate", "--changed-since", "HEAD")
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr.startswith("0 files")

    def test_a_file_that_git_does_not_track_has_changed(self, copy: Path) -> None:
        (copy / "graph/records/new.ttl").write_text("nonsense")
        result = run("--project", copy, "validate", "--changed-since", "HEAD")
        assert "new.ttl:1:1" in result.stdout

    @pytest.mark.parametrize("revision", ["no-such-branch", "--output=x", "HEAD~99"])
    def test_a_revision_that_git_does_not_know(self, copy: Path, revision: str) -> None:
        result = run("--project", copy, "validate", f"--changed-since={revision}")
        assert result.exit_code == 2 and "git knows no revision" in result.output


ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {each.get("name", ""): each for each in ACTION["runs"]["steps"]}


class TestAction:
    def test_no_input_can_become_part_of_a_script(self) -> None:
        assert ACTION["runs"]["using"] == "composite"
        for step in ACTION["runs"]["steps"]:
            assert "${{" not in step.get("run", "")
            assert "uses" in step or step["shell"] == "bash"
        used = {
            value.split("inputs.")[1].split(" ")[0] for value in STEPS["Validate"]["env"].values()
        }
        assert used == {*ACTION["inputs"]} - {"python-version"}

    def test_the_step_annotates_and_writes_sarif(self, copy: Path, tmp_path: Path) -> None:
        damage(copy, '"2025-09-17"', '"17 September"')
        done = self.validate(
            tmp_path, PROJECT=str(copy), SARIF="out $(touch x).sarif", CHANGED_SINCE="HEAD"
        )
        assert done.returncode == 1
        assert "::error file=" in done.stdout and "DateShape-edtf" in done.stdout
        assert '"2.1.0"' in (tmp_path / "out $(touch x).sarif").read_text()
        assert not (tmp_path / "x").exists()

    def test_the_step_passes_a_clean_project(self, tmp_path: Path) -> None:
        assert self.validate(tmp_path, PROJECT=str(EXAMPLE)).returncode == 0

    def validate(self, tmp_path: Path, **inputs: str) -> "subprocess.CompletedProcess[str]":
        binaries = tmp_path / "peelgraph" / "bin"
        binaries.mkdir(parents=True)
        (binaries / "peelgraph").symlink_to(Path(sys.executable).parent / "peelgraph")
        environment = {"ALONE": "false", "FAIL_ON": "violation", "CHANGED_SINCE": "", "SARIF": ""}
        environment |= {**os.environ, "GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(tmp_path)}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS["Validate"]["run"]],
            env={"ALONE": "false", "FAIL_ON": "violation", "CHANGED_SINCE": "", "SARIF": ""}
            | environment
            | inputs,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    @pytest.mark.slow
    def test_the_install_step_installs(self, tmp_path: Path) -> None:
        environment = os.environ | {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(ROOT)}
        subprocess.run(
            ["bash", "-eo", "pipefail", "-c", STEPS["Install"]["run"]], env=environment, check=True
        )
        assert (tmp_path / "peelgraph/bin/peelgraph").exists()


class TestHooks:
    def test_the_manifest_is_valid(self) -> None:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pre_commit",
                "validate-manifest",
                ROOT / ".pre-commit-hooks.yaml",
            ],
            check=False,
        )
        assert done.returncode == 0

    def test_the_entries_are_commands_of_ours(self, copy: Path) -> None:
        hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        assert {each["id"] for each in hooks} == {"peelgraph-fmt", "peelgraph-validate"}
        for hook in hooks:
            files = [] if hook.get("pass_filenames") is False else [RECORD]
            command = Path(sys.executable).parent / hook["entry"].split()[0]
            done = subprocess.run(
                [command, *hook["entry"].split()[1:], *files], cwd=copy, check=False
            )
            assert done.returncode == 0, hook["id"]

    @pytest.mark.slow
    def test_pre_commit_runs_them_in_a_repository_of_records(
        self, copy: Path, tmp_path: Path
    ) -> None:
        """As a newcomer would: pre-commit clones this repository and installs it."""
        tried = ["try-repo", str(ROOT), "peelgraph-validate", "--all-files"]
        environment = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "cache")}
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", *tried],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_the_guide_names_what_there_is() -> None:
    """Options, hooks and inputs in the guide exist, and its examples are valid YAML."""
    guide = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    blocks = [each.split("```")[0] for each in guide.split("```yaml\n")[1:]]
    workflow, hooks = (yaml.safe_load(dedent(each)) for each in blocks)
    (job,) = workflow["jobs"].values()
    for step in job["steps"]:
        if "peelgraph" in step["uses"]:
            assert set(step["with"]) <= set(ACTION["inputs"])
    assert [each["id"] for each in hooks["repos"][0]["hooks"]] == [
        "peelgraph-validate",
        "peelgraph-fmt",
    ]
