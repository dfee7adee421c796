"""Text from tables made safe for the page: never Markdown, never HTML."""

import re
from html import escape

MARKDOWN = re.compile(r"([\\`*_\[\]<$])")


def plain(text: str) -> str:
    """Return text that Markdown shows as it is: no links, pictures, formulas or icons."""
    return MARKDOWN.sub(r"\\\1", text)


def html(text: str) -> str:
    """Return text that HTML shows as it is."""
    return escape(text, quote=True)
