"""The table of ratios: everything that was measured, as a page in Markdown."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from building import Cost, exponent

from measuring import machine, peers, raw
from measuring.asking import Asking, Compared, Timed
from measuring.growing import Grown
from measuring.serving import Served
from measuring.whole import Done, Whole

#: the aims, at a million quads: seconds of the slowest question and of the best peer's part
SLOWEST, NO_SLOWER, GAIN = 0.2, 1.0, 5.0
BUILT, WITHIN, STARTED, GROWTH, KILLED = 90.0, 3 << 30, 5.0, 1.0, 0.2
MILLION = 1_000_000


@dataclass(slots=True)
class Found:
    """What was measured at one size, part by part."""

    size: int
    grown: Grown | None = None
    asking: Asking | None = None
    raw: tuple[Compared, ...] = ()
    served: Served | None = None
    whole: Whole | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the whole command."""

    command: str
    day: str
    minutes: float
    found: tuple[Found, ...] = field(default_factory=tuple)


def page(run: Run) -> str:
    """Return the whole page."""
    parts = [_head(run), _aims(run.found), _building(run.found)]
    for each in run.found:
        if each.asking is not None:
            parts.append(_questions(each.size, each.asking))
    for each in run.found:
        if each.raw:
            parts.append(_gain(each.size, each.raw))
    if any(each.raw for each in run.found):
        parts.append(_cannot())
    parts += [_serving(run.found), _whole(run.found)]
    return "\n".join(part for part in parts if part)


def _head(run: Run) -> str:
    return f"""# Benchmarks

Written by `{run.command}` on {run.day}, in {run.minutes:.0f} minutes; a rerun replaces this page.
[Its guide](../benchmarks/README.md) says what is measured and how. The corpora are made up.

- {machine.machine()}
- {machine.versions()}

Times are medians. A ratio above 1 says how many times faster peelgraph is, below 1 how much of the
peer's speed it reaches.
"""


def _aims(found: Sequence[Found]) -> str:
    rows: list[tuple[str, str, str, bool]] = []
    for each in found:
        at = _quads(each.size)
        if each.asking:
            slowest = max(each.asking.compared, key=lambda one: _seconds(one.ours))
            rows.append(
                (
                    "no question above 200 ms",
                    at,
                    f"{_ms(_seconds(slowest.ours))} ms ({slowest.asked.question}, "
                    f"{slowest.asked.manner})",
                    _seconds(slowest.ours) <= SLOWEST,
                )
            )
            middle = _median(_ratios(each.asking.compared))
            said = "the median question no slower than the best peer"
            rows.append((said, at, f"{middle:.2f}", middle >= NO_SLOWER))
        if each.raw:
            gain = _median(_ratios(each.raw))
            said = "five times faster than the best peer on the raw records (median question)"
            rows.append((said, at, f"{gain:.2f}", gain >= GAIN))
        if each.grown and each.size == MILLION:
            cost = each.grown.build
            shown = f"{cost.seconds:.1f} s, {_gb(cost.peak)}"
            good = cost.seconds < BUILT and cost.peak < WITHIN
            rows.append(("built in under 90 s within 3 GB", at, shown, good))
            start = each.grown.start.seconds
            rows.append(("restarted in under 5 s", at, f"{start:.1f} s", start < STARTED))
        if each.served:
            cost_of_kill = each.served.overrun + each.served.after
            said = "killing a worker costs under 0.2 s"
            rows.append((said, at, f"{cost_of_kill:.3f} s", cost_of_kill < KILLED))
    grown = [each.grown for each in found if each.grown]
    if len(grown) > 1:
        power = exponent([each.build for each in grown])
        said = "a build grows no faster than the corpus (exponent)"
        rows.append((said, "all", f"{power:.2f}", power <= GROWTH))
    if not rows:
        return ""
    lines = [
        _row(aim, at, measured, "reached" if good else "**missed**")
        for aim, at, measured, good in rows
    ]
    title = (
        "## Aims\n\nThose of the questions, the build and the start are set for a million quads.\n"
    )
    return "\n".join(
        [title, _row("aim", "quads", "measured", ""), "|---|---:|---|---|", *lines, ""]
    )


def _building(found: Sequence[Found]) -> str:
    grown = [each for each in found if each.grown]
    if not grown:
        return ""
    lines = [
        "## Build and start\n",
        "A build reads, derives and writes; a start verifies the snapshot, loads it and answers.\n",
        _row("quads", "step", "seconds", "peak memory", "ratio to plain pyoxigraph", "to rdflib"),
        "|---:|---|---:|---:|---:|---:|",
    ]
    for each in grown:
        assert each.grown is not None
        steps: list[tuple[str, Cost | str]] = [
            ("build", each.grown.build),
            ("start", each.grown.start),
            *((f"load with {name}", cost) for name, cost in each.grown.plain.items()),
        ]
        for name, cost in steps:
            if isinstance(cost, str):
                lines.append(_row(_quads(each.size), name, cost, "", "", ""))
                continue
            ratios = [
                _against(cost, each.grown.plain.get(peer)) for peer in ("pyoxigraph", "rdflib")
            ]
            shown = (f"{cost.seconds:.2f}", f"{cost.peak >> 20:,} MB", *ratios)
            lines.append(_row(f"{cost.quads:,}", name, *shown))
    stages = [
        _row(f"{each.grown.build.quads:,}", stage, f"{seconds:.2f}")
        for each in grown
        if each.grown
        for stage, seconds in each.grown.build.stages.items()
    ]
    lines += ["", "Where a build's time goes:\n", _row("quads", "stage", "seconds")]
    lines += ["|---:|---|---:|", *stages]
    measured = [each.grown for each in grown if each.grown]
    if len(measured) > 1:
        builds, starts = [each.build for each in measured], [each.start for each in measured]
        lines += [
            "",
            "From the smallest to the largest corpus, a build grows with the quads to the power "
            "of "
            f"{exponent(builds):.2f}, a start to that of {exponent(starts):.2f}.",
        ]
    return "\n".join([*lines, ""])


def _against(cost: Cost, plain: Cost | str | None) -> str:
    return f"{plain.seconds / cost.seconds:.2f}" if isinstance(plain, Cost) else ""


def _questions(size: int, found: Asking) -> str:
    names = [name for name in peers.PEERS if name in found.loaded]
    heads = ("question", "asked of", "rows", "peelgraph", "again", *names, "best peer", "ratio")
    lines = [
        f"## Questions over HTTP, {_quads(size)} quads\n",
        "The same queries over the same snapshot, in milliseconds; *again* is the same asked "
        "again, from peelgraph's cache. "
        "A peer that answers something else is marked *; it does not count as the best.\n",
        _row(*heads),
        "|---|---|---:|" + "---:|" * (len(names) + 2) + "---|---:|",
        *(_compared(each, names, again=True) for each in found.compared),
        "",
        f"The median ratio is {_median(_ratios(found.compared)):.2f}; "
        + "; ".join(f"to {name} alone {_median_to(found.compared, name)}" for name in names)
        + ". Seconds from the snapshot to the first answer: "
        + ", ".join(f"{name} {seconds:.1f}" for name, seconds in found.loaded.items())
        + ".",
        *_absent(found.absent),
        "",
        *_differences(found.compared),
    ]
    return "\n".join(lines)


def _gain(size: int, found: tuple[Compared, ...]) -> str:
    names = [name for name in peers.PEERS if any(name in each.peers for each in found)]
    heads = ("question", "asked of", "rows", "peelgraph", *names, "best peer", "ratio")
    lines = [
        f"## What derivation gains, {_quads(size)} quads\n",
        "Peelgraph as above, against the peers on the raw records, in milliseconds. Each query "
        "finds the same rows, columns and order as its question, and says in SPARQL what "
        "derivation computes: the bounds, the status, the phase, what each rests on, labels. "
        "It answers only as known today; the questions also take an earlier day. "
        "A peer that answers something else is marked *; it does not count as the best.\n",
        _row(*heads),
        "|---|---|---:|---:|" + "---:|" * len(names) + "---|---:|",
        *(_compared(each, names, again=False) for each in found),
        "",
        f"The median ratio is {_median(_ratios(found)):.2f}.",
        "",
        *_differences(found),
    ]
    return "\n".join(lines)


def _cannot() -> str:
    lines = ["Not put to the raw records:\n"]
    lines += [f"- `{name}`: {why}" for name, why in sorted(raw.reasons().items())]
    return "\n".join([*lines, ""])


def _compared(one: Compared, names: Iterable[str], *, again: bool) -> str:
    best = one.best
    shown = [one.asked.question, one.asked.manner, f"{one.rows:,}", _ms(_seconds(one.ours))]
    shown += [_ms(one.cached)] if again else []
    shown += [_cell(one.peers[name]) if name in one.peers else "" for name in names]
    shown += [best[0], f"{best[1] / _seconds(one.ours):.2f}"] if best else ["none", ""]
    return _row(*shown)


def _cell(timed: Timed) -> str:
    if timed.seconds is None:
        return timed.refused if len(timed.refused) < 20 else "refused"
    return _ms(timed.seconds) + ("*" if timed.difference else "")


def _differences(found: Iterable[Compared]) -> list[str]:
    lines = [
        f"- {one.asked.question}, {one.asked.manner}: {name}: {said}"
        for one in found
        for name, each in one.peers.items()
        if (said := each.difference or (each.refused if len(each.refused) >= 20 else ""))
    ]
    return ["Differences and refusals:\n", *lines, ""] if lines else ["All answers agree.", ""]


def _absent(absent: dict[str, str]) -> list[str]:
    return ["", *(f"{name} is left out: {why}." for name, why in absent.items())] if absent else []


def _serving(found: Sequence[Found]) -> str:
    served = [(each.size, each.served) for each in found if each.served]
    if not served:
        return ""
    lines = [
        "## Serving\n",
        "Memory of all processes once every question was asked, as proportional set size; beside "
        "it, what it would be if nothing were shared. "
        "A worker that is killed costs what its query takes beyond the deadlines, and what the "
        "next answer takes.\n",
        _row("quads", "processes", "memory", "if nothing were shared", "beyond", "next answer"),
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for size, each in served:
        memory = (f"{each.proportional >> 20:,} MB", f"{each.apart >> 20:,} MB")
        times = (f"{_ms(each.overrun)} ms", f"{_ms(each.after)} ms")
        lines.append(_row(_quads(size), str(each.processes), *memory, *times))
    return "\n".join([*lines, ""])


def _whole(found: Sequence[Found]) -> str:
    wholes = [(each.size, each.whole) for each in found if each.whole]
    if not wholes:
        return ""
    lines = [
        "## Validation, exports and search of the whole\n",
        "Validation with its findings, beside no peer: `python benchmarks/validation.py` has "
        "one. Exports with their bytes, from an open snapshot. "
        "Searches with what they find; their memory is the server's.\n",
        _row("quads", "what", "seconds", "peak memory", "result"),
        "|---:|---|---:|---:|---:|",
    ]
    for size, each in wholes:
        if each.validation:
            lines.append(_done(size, each.validation, f"{each.validation.size:,} findings"))
        lines += [_done(size, one, _size(one.size)) for one in each.exports]
        lines += [
            _done(size, one, f"{one.size:,} found", name=f"search “{one.what}”")
            for one in each.searches
        ]
        lines += [_row(_quads(size), what, why, "", "") for what, why in each.late.items()]
    return "\n".join([*lines, ""])


def _done(size: int, done: Done, result: str, name: str = "") -> str:
    memory = f"{done.peak >> 20:,} MB" if done.peak else ""
    return _row(_quads(size), name or done.what, f"{done.seconds:.3f}", memory, result)


def _ratios(found: Iterable[Compared]) -> list[float]:
    return [each.best[1] / _seconds(each.ours) for each in found if each.best]


def _median_to(found: Iterable[Compared], name: str) -> str:
    ratios = [
        each.peers[name].seconds / _seconds(each.ours)  # type: ignore[operator]
        for each in found
        if name in each.peers and each.peers[name].seconds and not each.peers[name].difference
    ]
    return f"{_median(ratios):.2f} ({len(ratios)} questions)" if ratios else "none"


def _median(ratios: list[float]) -> float:
    return statistics.median(ratios) if ratios else 0.0


def _seconds(timed: Timed) -> float:
    assert timed.seconds is not None
    return timed.seconds


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.1f}"


def _gb(size: int) -> str:
    return f"{size / (1 << 30):.2f} GB"


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _quads(size: int) -> str:
    return f"{size:,}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
