"""More draws than fit into memory: the same draws, counted window by window."""

from threading import active_count

import numpy as np
import pytest

from shareshift.basics import threads as blocks
from shareshift.model.draws.streams import Draws
from shareshift.results import streaming
from shareshift.results.counting.sketches import Scale, Sketch, classes_for
from shareshift.results.projection import TABLES, project
from shareshift.results.streaming import project_streaming
from shareshift.scenario.scenario import Scenario

DRAWS = 2048


@pytest.fixture
def small_windows(monkeypatch):
    """Windows so small that a short run has many."""
    monkeypatch.setattr(streaming, "WINDOW", 100)


def columns(frame, start):
    return frame.select(name for name in frame.columns if name.startswith(start)).to_numpy()


@pytest.fixture(scope="module")
def whole(tiny):
    return project(tiny, None, DRAWS)


def test_windows_give_the_means_errors_and_central_path_of_the_whole(tiny, whole, small_windows):
    found = project_streaming(tiny, None, DRAWS)
    assert list(found) == list(TABLES)
    for name, frame in found.items():
        expected = getattr(whole, name)
        assert frame.columns == expected.columns
        text = [column for column, kind in frame.schema.items() if not kind.is_float()]
        assert frame.select(text).equals(expected.select(text))
        assert (columns(frame, "central_") == columns(expected, "central_")).all()
        size = max(np.abs(columns(expected, "mean_")).max(), 1.0)
        for start in ("mean_", "standard_error_"):
            np.testing.assert_allclose(columns(frame, start), columns(expected, start), rtol=1e-9, atol=1e-11 * size)


def test_percentiles_lie_within_a_class_of_the_exact_ones(tiny, whole, small_windows, monkeypatch):
    monkeypatch.setattr(streaming, "WINDOW", DRAWS // 16)
    found = project_streaming(tiny, None, DRAWS, tables=["projection", "summary"])
    for name, frame in found.items():
        expected = getattr(whole, name)
        spread = np.abs(columns(expected, "p95_") - columns(expected, "p5_"))
        for level in (5, 25, 50, 75, 95):
            gap = np.abs(columns(frame, f"p{level}_") - columns(expected, f"p{level}_"))
            # One in a thousand of the middle nine tenths, and where draws are far apart a step between two of them.
            assert np.quantile(gap / np.where(spread > 0, spread, 1.0), 0.9) < 1e-2, (name, level)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_threads_change_no_bit(tiny, small_windows, monkeypatch, workers):
    expected = project_streaming(tiny, None, 512, tables=["summary", "shares"])
    monkeypatch.setattr(blocks, "_workers", lambda: workers)
    found = project_streaming(tiny, None, 512, tables=["summary", "shares"])
    assert all(found[name].equals(frame) for name, frame in expected.items())


def test_progress_counts_up_to_all_draws(tiny, small_windows):
    seen = []
    project_streaming(tiny, None, 1000, tables=["summary"], progress=lambda done, of: seen.append((done, of)))
    assert seen[-1] == (1000, 1000)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_whoever_watches_may_stop_it(tiny, small_windows):
    seen, threads = [], active_count()

    def stop(done, _):
        seen.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        project_streaming(tiny, None, 4096, tables=["summary"], progress=stop)
    # A window that another thread was at may still end; nothing begins after that.
    assert len(seen) <= 2
    assert active_count() == threads


def test_unknown_tables_are_refused(tiny):
    with pytest.raises(KeyError, match="sunshine"):
        project_streaming(tiny, None, 64, tables=["sunshine"])


def test_a_scenario_is_streamed_as_it_is_held(tiny, small_windows):
    scenario = Scenario(title="Fast", parameters={"half_life": 3.0})
    found = project_streaming(tiny, scenario, 256, seed=3, tables=["gains"])["gains"]
    expected = project(tiny, scenario, 256, seed=3).gains
    assert found["scenario"].unique().to_list() == ["Fast"]
    np.testing.assert_allclose(columns(found, "mean_"), columns(expected, "mean_"), rtol=1e-10, atol=1e-9)


# Counting -------------------------------------------------------------------------------------------------------


def counted(rows, classes=4096, parts=1, laid_out_by=500):
    scale = Scale.empty(len(rows))
    with_central = np.column_stack([rows, rows[:, 0]])
    scale.lay_out(np.arange(len(rows)), np.ascontiguousarray(with_central[:, -laid_out_by - 1 :]), classes)
    sketch = Sketch.empty(scale, classes, parts)
    sketch.take(np.arange(len(rows)), with_central, 0)
    return sketch.statistics(rows.shape[1])


@pytest.mark.parametrize("kind", ["normal", "skewed", "constant", "half_zero", "negative"])
def test_counted_percentiles_are_those_that_sorting_finds(kind):
    rng = np.random.default_rng(1)
    rows = {
        "normal": rng.normal(5, 1, (3, 4000)),
        "skewed": rng.gamma(0.8, 3, (3, 4000)),
        "constant": np.full((3, 4000), 7.0),
        "half_zero": rng.gamma(2, 1, (3, 4000)) * (rng.random((3, 4000)) < 0.5),
        "negative": -rng.gamma(2, 1, (3, 4000)) * (rng.random((3, 4000)) < 0.97),
    }[kind]
    found = counted(rows)
    for level in (5, 25, 50, 75, 95):
        expected = np.percentile(rows, level, axis=1)
        np.testing.assert_allclose(found[f"p{level}"], expected, atol=3e-3 * (np.ptp(rows) or 1) / 2)
    np.testing.assert_allclose(found["mean"], rows.mean(axis=1), rtol=1e-12)
    if kind == "half_zero":
        assert (found["p25"] == 0).all()


def test_evenly_spread_draws_are_counted_without_a_lean_to_either_side():
    # Shifted by a little each time, so that what the classes cut off evens out.
    offs = []
    for shift in range(40):
        rows = np.arange(4001.0)[None] + 0.5 - shift / 40
        found = counted(rows, classes=64 + shift, laid_out_by=4000)
        offs += [float(found[f"p{level}"][0] - np.percentile(rows, level)) for level in (25, 50, 75)]
    assert abs(np.mean(offs)) < 0.1, "half a draw too low or too high"


def test_draws_beyond_the_first_look_are_counted_at_the_ends():
    rows = np.concatenate(
        [np.full((1, 3000), 100.0), np.linspace(0, 1, 6001)[None], np.full((1, 3000), -100.0)], axis=1
    )
    found = counted(rows, laid_out_by=10)
    assert found["mean"][0] == pytest.approx(rows.mean())


def test_sketches_of_two_threads_add_up():
    rng = np.random.default_rng(2)
    rows = np.column_stack([rng.normal(size=(2, 1000)), np.zeros(2)])
    scale = Scale.empty(2)
    scale.lay_out(np.arange(2), rows, 512)
    one, two, both = (Sketch.empty(scale, 512, 2) for _ in range(3))
    one.take(np.arange(2), rows, 0)
    two.take(np.arange(2), rows[:, ::-1].copy(), 1)
    for part, values in enumerate((rows, rows[:, ::-1].copy())):
        both.take(np.arange(2), values, part)
    one.add(two)
    for name, numbers in both.statistics(2000).items():
        assert (one.statistics(2000)[name] == numbers).all()


@pytest.mark.parametrize(("cells", "classes"), [(10, 8192), (26_616, 1024), (10_000_000, 512)])
def test_more_cells_have_fewer_classes_each(cells, classes):
    assert classes_for(cells) == classes


def test_a_long_run_holds_no_long_arrays():
    draws = Draws(1_000_000).window(500_000, 500_100)
    assert draws.uniform("growth").size == 100
    assert draws.uniform("spend:north").size == 100
