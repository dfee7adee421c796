"""What is kept of a draft, and a draft from what was kept: where it set out, and a few steps back and forth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shareshift.market.market import Market
from shareshift.scenario.draft import History, Origin, Step, Work, origin_from
from shareshift.scenario.scenario import Scenario
from shareshift.ui.saved.keeping import Payload
from shareshift.ui.saved.saved import read_content

if TYPE_CHECKING:
    pass


# Undo works on after a restart, this far back.
KEPT_STEPS = 20


def payload_of(history: History, market_digest: str, market_name: str) -> Payload:
    """Return what is kept of a draft: what it says, where it set out, and a few steps back and forth."""
    work = history.now
    origin = work.origin
    return Payload(
        content=work.scenario.to_dict(),
        market_digest=market_digest,
        market_name=market_name,
        based_on=(origin.saved_id, origin.version) if origin.saved_id else None,
        history={
            "now": from_where(work),
            "past": [_kept_step(step) for step in history.past[-KEPT_STEPS:]],
            "future": [_kept_step(step) for step in history.future[-KEPT_STEPS:]],
        },
    )


def _kept_step(step: Step) -> dict[str, Any]:
    return {"name": step.name, "scenario": step.before.scenario.to_dict(), **from_where(step.before)}


def from_where(work: Work) -> dict[str, Any]:
    """Return where a draft set out, as it is kept."""
    # The market's own presets are read from its folder again; a saved version is remembered as it was.
    start = {"start": work.start.to_dict()} if work.origin.saved_id else {}
    return {"origin": dict(vars(work.origin)), **start}


def steps_of(held: Any, market: Market, presets: Mapping[str, Scenario]) -> tuple[Step, ...]:
    """Return the steps that were kept, as far as they can be read."""
    steps = []
    for one in held if isinstance(held, list) else []:
        scenario, faults = (
            read_content(one.get("scenario", {}), market, "step") if isinstance(one, dict) else (None, [])
        )
        if scenario is not None and not faults:
            steps.append(Step(name=str(one.get("name")), before=work_of(one, scenario, market, presets)))
    return tuple(steps)


def work_of(held: Any, scenario: Scenario, market: Market, presets: Mapping[str, Scenario]) -> Work:
    """Return a scenario as work that set out where it was kept to have; from the baseline where that cannot be read."""
    values = held if isinstance(held, Mapping) else {}
    origin = origin_from(values.get("origin") or {})
    start: Scenario | None = presets.get(origin.preset)
    if origin.saved_id:
        start = read_content(values.get("start") or {}, market, "start")[0]
    if start is None:
        origin, start = Origin(), presets["baseline"]
    return Work(origin=origin, start=start, scenario=scenario)
