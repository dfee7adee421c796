"""What a reader works on, and the way back: a draft, its edits, and undo and redo over all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shareshift.scenario.scenario import Scenario
from shareshift.scenario.values import Place, scenario_of, values_of

MOST_STEPS = 100
# What was changed is named in the note, up to so many.
MOST_NAMED = 12
# Moves of one control in quick succession are one thing to take back.
ONE_MOVE_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a draft set out: one of the market's presets or, where `saved_id` says so, a saved version."""

    preset: str = "baseline"
    saved_id: str = ""
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Work:
    """A draft: where it set out, the scenario that stood there, and what the reader made of it."""

    origin: Origin
    start: Scenario
    scenario: Scenario

    @property
    def edited(self) -> bool:
        """Whether the scenario differs from where it set out."""
        return self.scenario != self.start

    def titled(self, changed: Sequence[str] = (), *, own: bool = False) -> Scenario:
        """Return the scenario with words that are true of it: of an edited one, what the start says of itself is not.

        Words that are the reader's own stay. `changed` names what was changed; `own` says that the start is the
        reader's as well.
        """
        now, start = self.scenario, self.start
        if not self.edited:
            return now
        names = "; ".join(changed[:MOST_NAMED]) + ("; and more" if len(changed) > MOST_NAMED else "")
        note = f"Based on {start.title}{f'; changed: {names}' if names else ''}."
        return replace(
            now,
            title=f"{now.title}, edited" if now.title == start.title else now.title,
            note=note if now.note == start.note else now.note,
            author="" if now.author == start.author and not own else now.author,
        )

    def with_slider(self, name: str, value: float, central: float) -> "Work":
        """Return the draft with one slider at `value`; at its place in the tables, `central`, it leaves the diff."""
        stood = self.start.parameters.get(name)
        kept = {key: old for key, old in self.scenario.parameters.items() if key != name}
        if value != (central if stood is None else stood):
            kept[name] = value
        elif stood is not None:
            kept[name] = stood
        return self.to(replace(self.scenario, parameters=kept))

    def with_override(self, part: str, key: str, name: str, value: float | None) -> "Work":
        """Return the draft with one customer's or vendor's number fixed, or sourced value where it is None."""
        values = values_of(self.scenario)
        place = Place(part=part, owner=key, name=name)
        values.pop(place, None)
        return self.to(scenario_of(values if value is None else {**values, place: value}))

    def without_overrides(self, part: str, key: str) -> "Work":
        """Return the draft with a customer or vendor sourced value."""
        values = values_of(self.scenario)
        others = {place: value for place, value in values.items() if (place.part, place.owner) != (part, key)}
        return self.to(scenario_of(others))

    def to(self, scenario: Scenario) -> "Work":
        """Return the draft with another scenario."""
        return replace(self, scenario=scenario)

    def back(self) -> "Work":
        """Return the draft as it set out."""
        return replace(self, scenario=self.start)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What was done, from which draft, with which control, and when in seconds."""

    name: str
    before: Work
    control: str = ""
    at: float = 0.0


@dataclass(frozen=True, kw_only=True)
class History:
    """A draft with what can be taken back and what can be done again, newest last."""

    now: Work
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    def did(self, name: str, work: Work, *, control: str = "", at: float = 0.0) -> "History":
        """Return the history after an edit called `name`; nothing happens where nothing changed.

        Edits of one `control` within two seconds of each other are one step, and what had been taken back is gone.
        """
        if work == self.now:
            return self
        last = self.past[-1] if self.past else None
        merges = last and control and last.control == control and at - last.at <= ONE_MOVE_SECONDS and not self.future
        past = self.past[:-1] if last and merges else self.past
        before = last.before if last and merges else self.now
        if before == work:
            return History(now=work, past=past)
        step = Step(name=name, before=before, control=control, at=at)
        return History(now=work, past=(*past, step)[-MOST_STEPS:])

    def undone(self) -> "History":
        """Return the history with the last step taken back; the same where there is none."""
        if not self.past:
            return self
        step = self.past[-1]
        again = Step(name=step.name, before=self.now)
        return History(now=step.before, past=self.past[:-1], future=(*self.future, again))

    def redone(self) -> "History":
        """Return the history with the last step taken back done again; the same where there is none."""
        if not self.future:
            return self
        step = self.future[-1]
        past = Step(name=step.name, before=self.now)
        return History(now=step.before, past=(*self.past, past), future=self.future[:-1])

    def renamed(self, scenario: Scenario) -> "History":
        """Return the history with another scenario in place of the one that stands, without a step."""
        return replace(self, now=self.now.to(scenario))

    def rebased(self, origin: Origin, start: Scenario) -> "History":
        """Return the history of a draft that has been saved: it sets out from there now, and so do its steps."""
        was = self.now.origin

        def moved(work: Work) -> Work:
            return replace(work, origin=origin, start=start) if work.origin == was else work

        def steps(part: tuple[Step, ...]) -> tuple[Step, ...]:
            return tuple(replace(step, before=moved(step.before)) for step in part)

        return History(now=moved(self.now), past=steps(self.past), future=steps(self.future))

    @property
    def undo_name(self) -> str:
        """What would be taken back, or nothing."""
        return self.past[-1].name if self.past else ""

    @property
    def redo_name(self) -> str:
        """What would be done again, or nothing."""
        return self.future[-1].name if self.future else ""


def origin_from(values: Mapping[str, object]) -> Origin:
    """Return an origin from plain values; what is of the wrong kind is left at its default."""
    preset, saved, version = (values.get(name) for name in ("preset", "saved_id", "version"))
    return Origin(
        preset=preset if isinstance(preset, str) else "baseline",
        saved_id=saved if isinstance(saved, str) else "",
        version=version if type(version) is int else 0,
    )
