"""What an address picked up on its way through mail, chats and advertisements, taken off again."""

import re
from collections.abc import Mapping, Sequence

from shareshift.scenario.scenario import WORDS

# Keys that mail programs, chats and advertisers add.
ADDED = re.compile(
    r"(utm|mc|pk|mtm|hsa)_.*|_hs.*|_ga|_gl|[a-z]*cl(id|kid)|[gw]braid|igshid|igsh|mkt_tok|ref_src|si", re.ASCII
)
# Signs of the sentence that a link stood in; no value of an address ends with one.
SENTENCE_SIGNS = ".,;:!?)]}>*`\"'”’»）】」。，、\u200b\ufeff"
# A number that ends at its point: the rest of it is missing, or was never there.
CUT = re.compile(r"[+-]?[0-9]*\.", re.ASCII)


def as_pasted(query: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return an address without the signs around its values and without keys that others added."""
    return {
        key: [text if key in WORDS else bare(text) for text in texts]
        for key, texts in query.items()
        if not ADDED.fullmatch(key)
    }


def bare(text: str) -> str:
    """Return a value without the signs and blanks after it; a number cut off at its point stays, to be refused."""
    text = text.strip()
    while text and text[-1] in SENTENCE_SIGNS and not CUT.fullmatch(text):
        text = text[:-1].rstrip()
    return text
