"""Scenarios of the tiny market, any that can be written down."""

from hypothesis import strategies as st

from shareshift.scenario.scenario import Scenario


def words(least=0):
    # What a TOML file can hold: no lone surrogates.
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=least, max_size=30)


@st.composite
def scenarios(draw, market):
    sliders = st.sampled_from(sorted(market.parameters))
    chosen = draw(st.lists(sliders, unique=True, max_size=6))
    parameters = {
        name: draw(st.floats(market.parameters[name].minimum, market.parameters[name].maximum)) for name in chosen
    }
    share = st.floats(0, 1)
    exits = draw(st.dictionaries(st.sampled_from(["north", "south", "rest"]), share, max_size=3))
    customers = {name: {"exit": value} for name, value in exits.items()}
    if draw(st.booleans()):
        customers["north"] = {**customers.get("north", {}), "spend_usd_per_year": draw(st.floats(0, 1e13))}
    vendors = draw(
        st.dictionaries(
            st.sampled_from(["bolt", "crane"]),
            st.fixed_dictionaries({}, optional={"excluded": st.booleans(), "slack": share, "capacity_growth": share}),
        )
    )
    return Scenario(
        title=draw(words(least=1)),
        note=draw(words()),
        author=draw(words()),
        source=draw(words()),
        baseline=draw(words()),
        horizon_months=draw(st.none() | st.integers(1, 120)),
        parameters=parameters,
        customers=customers,
        vendors=vendors,
    )
