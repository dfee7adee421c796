"""The store against a plain dictionary: whatever is done in whatever order, both say the same."""

import secrets

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from shareshift.store.errors import DraftConflict, EditConflict, UnknownScenario
from shareshift.store.opening import open_store
from support.postgresql_server import empty_database

OWNERS = st.sampled_from(["ann", "bob"])
CONTENTS = st.builds(
    lambda title, growth: {"title": title, "parameters": {"growth": growth}},
    st.sampled_from(["Slow", "Fast", "“Ä” 'x'; --"]),
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**70), 2**70),
)
NUMBERS = st.integers(1, 4)
DIGESTS = st.sampled_from(["old", "new"])
DRAFTS = st.sampled_from(["tab 1", "tab 2"])


class StoreAndModel(RuleBasedStateMachine):
    """Do the same to a store and to dictionaries of `scenario id -> facts` and `(owner, draft id) -> facts`."""

    url = ""
    ids = Bundle("ids")

    def __init__(self):
        super().__init__()
        self.store = open_store(self.url)
        self.scenarios, self.drafts = {}, {}

    def teardown(self):
        self.store.close()

    def add(self, owner, content, digest, origin=None):
        versions = [(content, digest, None)]
        return {"owner": owner, "archived": False, "versions": versions, "origin": origin or (None, None)}

    def refusal(self, owner, key, expected, number=1):
        """Return what a change has to be refused with, or None."""
        known = self.scenarios.get(key)
        if known is None or number > len(known["versions"]) or known["owner"] != owner:
            return UnknownScenario
        return None if len(known["versions"]) == expected else EditConflict

    def attempt(self, refusal, call):
        if refusal is None:
            return call()
        with pytest.raises(refusal):
            call()
        return None

    @rule(target=ids, owner=OWNERS, content=CONTENTS, digest=DIGESTS)
    def create(self, owner, content, digest):
        saved = self.store.create(owner, content, digest, "market", "0")
        assert saved.scenario_id not in self.scenarios
        self.scenarios[saved.scenario_id] = self.add(owner, content, digest)
        return saved.scenario_id

    @rule(target=ids)
    def make_up_an_id(self):
        return secrets.token_hex(16)

    @rule(owner=OWNERS, key=ids, content=CONTENTS, digest=DIGESTS, expected=NUMBERS)
    def save(self, owner, key, content, digest, expected):
        refusal = self.refusal(owner, key, expected)
        saved = self.attempt(refusal, lambda: self.store.save(owner, key, content, expected, digest, "market", "0"))
        if saved:
            self.scenarios[key]["versions"].append((content, digest, None))

    @rule(owner=OWNERS, key=ids, number=NUMBERS, behind=st.sampled_from([0, 0, 1]))
    def restore(self, owner, key, number, behind):
        expected = len(self.scenarios[key]["versions"]) - behind if key in self.scenarios else 1
        refusal = self.refusal(owner, key, expected, number)
        if self.attempt(refusal, lambda: self.store.restore(owner, key, number, expected)):
            versions = self.scenarios[key]["versions"]
            versions.append((*versions[number - 1][:2], number))

    @rule(target=ids, owner=OWNERS, key=ids, number=NUMBERS)
    def fork(self, owner, key, number):
        versions = self.scenarios.get(key, {"versions": []})["versions"]
        refusal = UnknownScenario if number > len(versions) else None
        saved = self.attempt(refusal, lambda: self.store.fork(owner, key, number))
        if not saved:
            return key
        self.scenarios[saved.scenario_id] = self.add(owner, *versions[number - 1][:2], origin=(key, number))
        return saved.scenario_id

    @rule(owner=OWNERS, key=ids, archived=st.booleans())
    def archive(self, owner, key, archived):
        change = self.store.archive if archived else self.store.unarchive
        known = self.scenarios.get(key)
        refusal = None if known and known["owner"] == owner else UnknownScenario
        if self.attempt(refusal, lambda: change(owner, key)):
            known["archived"] = archived

    @rule(owner=OWNERS, draft=DRAFTS, content=CONTENTS, digest=DIGESTS, revision=NUMBERS, based=st.none() | ids)
    def put_draft(self, owner, draft, content, digest, revision, based):
        based_on = None if based is None else (based, revision)
        facts, known = (revision, content, digest, based_on), self.drafts.get((owner, draft))
        # Equal texts, not equal values: 1 and 1.0 are not written the same.
        refusal = DraftConflict if known and known[0] >= revision and repr(known) != repr(facts) else None
        put = self.store.put_draft
        if self.attempt(refusal, lambda: put(owner, draft, content, digest, revision, based_on=based_on)):
            self.drafts[owner, draft] = facts

    @rule(owner=OWNERS, draft=DRAFTS)
    def drop_draft(self, owner, draft):
        self.store.drop_draft(owner, draft)
        self.drafts.pop((owner, draft), None)

    @rule()
    def close_and_open(self):
        self.store.close()
        self.store = open_store(self.url)

    @rule(key=consumes(ids))
    def look_at(self, key):
        known = self.scenarios.get(key)
        if known is None:
            with pytest.raises(UnknownScenario):
                self.store.history(key)
            return
        history = self.store.history(key)[::-1]
        assert [(v.content, v.market_digest, v.restored_from) for v in history] == known["versions"]
        assert [v.number for v in history] == list(range(1, len(history) + 1))
        assert self.store.latest(key) == history[-1] == self.store.version(key, len(history))

    @invariant()
    def lists_agree(self):
        for owner in ("ann", "bob"):
            for archived in (False, True):
                listed = {
                    saved.scenario_id: (saved.title, saved.version, saved.market_digest, saved.saved_at)
                    for saved in self.store.list_saved(owner, archived=archived)
                }
                assert {key: facts[:3] for key, facts in listed.items()} == {
                    key: (known["versions"][-1][0]["title"], len(known["versions"]), known["versions"][-1][1])
                    for key, known in self.scenarios.items()
                    if (known["owner"], known["archived"]) == (owner, archived)
                }
            drafts = {
                d.draft_id: (d.revision, d.content, d.market_digest, d.based_on)
                for d in (self.store.draft(owner, line.draft_id) for line in self.store.drafts(owner))
            }
            assert drafts == {name: facts for (whose, name), facts in self.drafts.items() if whose == owner}

    @invariant()
    def origins_are_remembered(self):
        for key, known in self.scenarios.items():
            saved = self.store.saved(key)
            assert (saved.owner, saved.archived) == (known["owner"], known["archived"])
            assert (saved.forked_from, saved.forked_version) == known["origin"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whatever_is_done_the_store_and_a_dictionary_say_the_same(kind, request, tmp_path):
    server = request.getfixturevalue("postgresql") if kind == "postgresql" else ""

    class Machine(StoreAndModel):
        def __init__(self):
            path = tmp_path / secrets.token_hex(8) / "shareshift.db"
            self.url = empty_database(server) if server else str(path)
            super().__init__()

    # Each makes a database of its own and takes thirty steps in it, which is half a second.
    examples = settings.default.max_examples // 6
    run_state_machine_as_test(Machine, settings=settings(max_examples=examples, stateful_step_count=30, deadline=None))
