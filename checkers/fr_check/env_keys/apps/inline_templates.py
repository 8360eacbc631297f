"""Templates inside a Vault agent's configuration: `template { contents = ... }`, `env_template "KEY" { ... }`.

An inline template becomes a source like a file is one, whose places are those in the configuration. `env_template` sets
one variable of the process that the agent starts: no shell reads it, so that only what it reads matters.
"""

from __future__ import annotations

from fr_check.core.text import Text
from fr_check.env_keys.apps.model import TemplateSource
from fr_check.sources import gotemplate, vault_agent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Span
    from fr_check.sources.vault_agent import Stanza


class _Part(Text):
    """A stretch of a file as a text of its own, with the places that it has in the file.

    Where it is written with escapes (`verbatim` is False), all of it stands where the literal begins.
    """

    def __init__(self, whole: Text, string: str, at: int, *, verbatim: bool) -> None:
        super().__init__(string, whole.path, whole.revision)
        self._whole = whole
        self._at = at
        self._verbatim = verbatim

    def place(self, offset: int) -> tuple[int, int]:
        return self._whole.place(self._at + offset * self._verbatim)

    def offset(self, line: int, column: int = 1) -> int:
        within = self._whole.offset(line, column) - self._at
        return min(max(within, 0), len(self.string)) * self._verbatim


def sources_in(text: Text) -> Iterator[TemplateSource]:
    """Every inline template of a configuration."""
    for stanza in vault_agent.parse(text).stanzas:
        if stanza.contents_at >= 0:
            yield _source(text, stanza)


def _source(text: Text, stanza: Stanza) -> TemplateSource:
    verbatim = text.string.startswith(stanza.contents, stanza.contents_at)
    part = _Part(text, stanza.contents, stanza.contents_at, verbatim=verbatim)
    content = gotemplate.parse(part, (stanza.left_delimiter, stanza.right_delimiter))
    if stanza.variable:
        content = _variable(content, stanza.variable, stanza.span)
    destination = "" if stanza.variable else stanza.destination
    return TemplateSource(part, content, stanza.error_on_missing_key, text.at(stanza.span), destination)


def _variable(content: gotemplate.Template, name: str, span: Span) -> gotemplate.Template:
    """What an `env_template` sets: its variable, whatever its contents look like to a shell."""
    reads = tuple(read for read in content.secrets if read.path)
    key = gotemplate.Key(name, span, always=True, exported=True, dynamic=True, values=(), reads=reads, exposures=())
    return gotemplate.Template(
        keys=() if content.problems else (key,),
        secrets=content.secrets,
        problems=content.problems,
        failures=content.failures,
    )
