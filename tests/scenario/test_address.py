"""A scenario in the address: it comes back as it was, and whatever an address cannot say is named."""

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareshift.basics.version import __version__
from shareshift.market.parameter_records import PARAMETERS
from shareshift.scenario.address import (
    ABOUT,
    BESIDE,
    LONGEST,
    MadeOn,
    is_current,
    is_short,
    read_made_on,
    read_origin,
    read_values,
    stamp,
    write_link,
)
from shareshift.scenario.draft import Origin
from shareshift.scenario.pasted import as_pasted
from shareshift.scenario.scenario import Scenario, scenario_faults
from shareshift.scenario.values import OVERRIDES, PLAIN
from support.scenarios import scenarios

SAVED = Origin(saved_id="0123456789abcdef0123456789abcdef", version=3)
PRESETS = ("baseline", "exodus")


def through_the_address(link):
    """What a browser makes of an address."""
    return parse_qs(urlencode(link), keep_blank_values=True, strict_parsing=bool(link))


@given(data=st.data())
def test_a_scenario_comes_back_from_its_link_as_it_was(tiny, data):
    start, scenario = data.draw(scenarios(tiny)), data.draw(scenarios(tiny))
    origin = data.draw(st.sampled_from([Origin(), Origin(preset="exodus"), SAVED]))
    query = through_the_address(write_link(origin, start, scenario, tiny))
    assert read_origin(query, PRESETS) == (origin, [])
    assert read_values(query, start, tiny) == (scenario, [])
    made_on, faults = read_made_on(query)
    assert faults == []
    assert (made_on is None and not query) or is_current(made_on, tiny)


def test_the_baseline_has_a_bare_address(tiny):
    assert write_link(Origin(), Scenario(), Scenario(), tiny) == {}


def test_a_link_reads_as_what_it_says(tiny):
    scenario = Scenario(
        horizon_months=24,
        parameters={"growth": 0.6},
        customers={"north": {"exit": 1.0, "spend_usd_per_year": 2e16}},
        vendors={"bolt": {"excluded": True}, "crane": {"slack": 0.25}},
    )
    assert write_link(Origin(preset="exodus"), Scenario(), scenario, tiny) == {
        "scenario": "exodus",
        "horizon_months": "24",
        "growth": "0.6",
        "exit.north": "1",
        "spend.north": "2e16",
        "excluded.bolt": "1",
        "slack.crane": "0.25",
        "on": f"{tiny.digest[:8]}.{__version__}",
    }


def test_a_value_given_back_to_the_tables_says_so(tiny):
    start = Scenario(parameters={"growth": 0.6}, vendors={"bolt": {"excluded": True}}, horizon_months=6)
    link = write_link(Origin(preset="exodus"), start, Scenario(), tiny)
    assert {link["growth"], link["excluded.bolt"], link["horizon_months"]} == {"tables"}
    assert read_values(through_the_address(link), start, tiny) == (Scenario(), [])


keys = st.sampled_from(
    ["growth", "exit.north", "exit.", "exit", ".north", "excluded.bolt", "slack.acme", "spend.rest", "horizon_months",
     "scenario", "saved", "version", "on", "draft", "title", "form", "capacity", "customers", "exit.nobody",
     "exit.north.x"]
)  # fmt: skip
texts = st.sampled_from(
    ["1", "0", "0.26", "tables", "", "nan", "inf", "-1", "1e400", "9" * 5000, "\x00", "true", "baseline", "1_0", "１",
     "0123456789abcdef0123456789abcdef", "ab12cd34.0.1.0"]
)  # fmt: skip


@given(query=st.dictionaries(keys | st.text(max_size=20), st.lists(texts | st.text(), min_size=1, max_size=3)))
def test_a_garbled_link_never_breaks_and_gives_a_sound_scenario(tiny, query):
    origin, origin_faults = read_origin(query, PRESETS)
    scenario, faults = read_values(query, Scenario(), tiny)
    _, on_faults = read_made_on(query)
    assert origin.preset in PRESETS
    assert scenario_faults(scenario, tiny) == []
    for fault in (*origin_faults, *faults, *on_faults):
        assert fault.endswith(".")
        assert len(fault) < 400
    # Every value that did not get into the scenario is named.
    link = write_link(Origin(), Scenario(), scenario, tiny)
    for key in set(query) - {"scenario", "saved", "version", "on", "draft"}:
        taken = key in link or any(text == "tables" for text in query[key])
        assert (
            taken or any(key[:10] in fault or "\\" in fault for fault in faults) or _says_nothing(key, query[key], tiny)
        )


def _says_nothing(key, values, tiny):
    """Say whether a value is what stands in the baseline anyway."""
    same = write_link(Origin(), Scenario(), read_values({key: values}, Scenario(), tiny)[0], tiny)
    return same == {} and read_values({key: values}, Scenario(), tiny)[1] == []


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        ("growth", ["nan"], "growth=nan is not a number. Write a number, or tables."),
        ("growth", ["1,5"], "growth=1,5 is not a number"),
        ("growth", ["0."], "growth=0. is cut off behind its point. Copy the whole link."),
        ("growth", ["1_0"], "growth=1_0 is not a number"),
        ("growth", [""], "growth= is not a number"),
        ("growth", ["1" * 5000], "is not a number"),
        ("form", ["1" * 5000], f"{'1' * 39}… is no form of the model."),
        ("growth", ["9.05"], "growth=9.05: growth is 9.05. Give a number from -0.9 to 9."),
        ("growth", ["0.2", "0.25"], "growth is given 2 times. Keep one."),
        ("mood", ["1"], "mood is not a setting of this market. Remove it."),
        ("utm_source", ["mail"], "utm_source is not a setting of this market"),
        ("exit.nobody", ["1"], "exit.nobody=1: customers.nobody is not in customers.csv."),
        ("exit.nobody", ["tables"], "exit.nobody=tables: customers.nobody is not in customers.csv."),
        ("exit.north", ["2"], "customers.north.exit is 2. Give a number from 0 to 1."),
        ("excluded.bolt", ["yes"], "excluded.bolt=yes is not 1 or 0. Write 1 or 0, or tables."),
        ("slack.acme", ["0.5"], "vendors.acme is the incumbent."),
        ("spend.rest", ["5"], "is the remainder and follows from the others."),
        ("horizon_months", ["0"], "horizon_months 0 is not a whole number from 1 to 120."),
        ("horizon_months", ["6.0"], "horizon_months 6.0 is not a whole number"),
    ],
)
def test_a_value_that_is_refused_is_named_with_the_remedy(tiny, key, values, expected):
    scenario, faults = read_values({key: values, "exodus": ["1"]}, Scenario(), tiny)
    assert scenario == Scenario(parameters={"exodus": 1.0})
    assert len(faults) == 1
    assert expected in faults[0]
    assert len(faults[0]) < 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"scenario": ["nowhere"]}, "scenario=nowhere is not one of baseline, exodus."),
        ({"scenario": ["exodus", "exodus"]}, "scenario is given 2 times."),
        ({"saved": ["mine"], "version": ["1"]}, "saved=mine is no name of a saved scenario."),
        ({"saved": [SAVED.saved_id]}, "version= is no version."),
        ({"saved": [SAVED.saved_id], "version": ["0"]}, "version=0 is no version."),
        ({"saved": [SAVED.saved_id], "version": ["1"], "scenario": ["exodus"]}, "Keep one of the two."),
    ],
)
def test_where_a_link_sets_out_is_refused_in_words(query, expected):
    origin, faults = read_origin(query, PRESETS)
    assert origin == Origin()
    assert len(faults) == 1
    assert expected in faults[0]


def test_a_link_of_other_tables_or_another_version_is_told_apart(tiny):
    assert is_current(MadeOn(digest=tiny.digest[:8], version=__version__), tiny)
    other = "0" * 8 if tiny.digest[0] != "0" else "1" * 8
    assert not is_current(MadeOn(digest=other, version=__version__), tiny)
    assert not is_current(MadeOn(digest=tiny.digest[:8], version="0.0.1"), tiny)
    assert read_made_on({"on": [stamp(tiny)]}) == (MadeOn(digest=tiny.digest[:8], version=__version__), [])
    assert "does not say on which tables" in read_made_on({"on": ["yesterday"]})[1][0]


@pytest.mark.parametrize("sign", [".", ",", ")", "),", ">", "”.", "!", "\u00a0", "\u200b", "]", "*"])
@pytest.mark.parametrize("last", ["on", "growth", "scenario"])
def test_a_link_may_be_pasted_with_the_signs_of_the_sentence_around_it(tiny, sign, last):
    link = write_link(Origin(preset="exodus"), Scenario(), Scenario(parameters={"growth": 0.6}), tiny)
    query = as_pasted(through_the_address({**link, last: link[last] + sign}))
    assert query == through_the_address(link)
    assert read_values(query, Scenario(), tiny) == (Scenario(parameters={"growth": 0.6}), [])
    assert read_made_on(query) == (MadeOn(digest=tiny.digest[:8], version=__version__), [])


def test_keys_that_mail_chats_and_advertisers_add_are_none_of_ours(tiny):
    added = ("utm_source", "utm_x", "gclid", "fbclid", "msclkid", "mc_eid", "_hsenc", "igshid", "gbraid", "_gl", "si")
    link = write_link(Origin(preset="exodus"), Scenario(), Scenario(parameters={"growth": 0.6}), tiny)
    assert as_pasted(through_the_address({**link, **dict.fromkeys(added, "abc")})) == through_the_address(link)
    ours = {*PLAIN, *OVERRIDES, *ABOUT, *BESIDE, *PARAMETERS}
    assert set(as_pasted({key: ["1"] for key in ours})) == ours


def test_words_of_a_reader_keep_their_own_full_stop():
    assert as_pasted({"title": ["Wait, what?"], "note": ["Ends."]}) == {"title": ["Wait, what?"], "note": ["Ends."]}


@pytest.mark.parametrize("end", ["", ".", ".0", ".0.", ".0.3", ".0.3."])
def test_a_link_cut_in_its_stamp_says_that_its_end_is_missing(tiny, end):
    made_on, faults = read_made_on(as_pasted({"on": [tiny.digest[:8] + end]}))
    assert made_on is None
    assert len(faults) == 1
    assert faults[0].endswith("its end is missing. Copy the whole link.")


def test_a_number_cut_off_at_its_point_is_refused_and_never_zero(tiny):
    scenario, faults = read_values(as_pasted({"growth": ["0."]}), Scenario(), tiny)
    assert (scenario, len(faults)) == (Scenario(), 1)


def test_an_address_that_is_too_long_is_known(tiny):
    scenario = Scenario(note="x" * LONGEST)
    assert is_short(write_link(Origin(), Scenario(), Scenario(note="short"), tiny))
    assert not is_short(write_link(Origin(), Scenario(), scenario, tiny))
