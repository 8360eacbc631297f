"""Files that name the processes of one container: a Procfile, the configuration of supervisord.

Source: https://devcenter.heroku.com/articles/procfile, which honcho, foreman and their like read, and
http://supervisord.org/configuration.html#program-x-section-settings; supervisord starts words without a shell.
"""

from __future__ import annotations

from functools import partial

from fr_check.core.patterns import pattern
from fr_check.sources import ini
from fr_check.sources.shells import NONE, SH
from fr_check.sources.tasks.model import Script, Task, Tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Span
    from fr_check.core.text import Text

_LINE = pattern(r"^([\w-]+):[ \t]*(\S[^\n\r]*)", 8)
_SECTIONS = ("program:", "fcgi-program:", "eventlistener:")
# What supervisord puts in place of `%(ENV_NAME)s` is the variable.
_OF_ENVIRONMENT = pattern(r"%\(ENV_(\w+)\)s")


def of_procfile(text: Text) -> Tasks:
    """Every process of a Procfile, by its name."""
    tasks = []
    for found in _LINE.finditer(text.string):
        place = partial(_shifted, text, found.start(2))
        script = Script(found[2].rstrip(), place, SH)
        tasks.append(Task(found[1], (script,), (), text.span(found.start(1), found.end(1))))
    return Tasks(tuple(tasks))


def of_supervisor(text: Text) -> Tasks:
    """Every program that supervisord starts; what it sets for one stands before its command."""
    tasks = []
    for section in text.parsed(ini.parse).sections:
        options = {option.name: option for option in section.options}
        if not section.name.startswith(_SECTIONS) or "command" not in options:
            continue
        command, folder = options["command"], options.get("directory")
        given = options.get("environment")
        words = "" if given is None else " ".join(given.value.replace("\n", "").split(",")) + " "
        string = _OF_ENVIRONMENT.sub(r"$\1", words + command.value.replace("\n", " ")).replace("%%", "%")
        place = partial(_whole, command.span)
        script = Script(string, place, NONE, folder="" if folder is None else folder.value)
        tasks.append(Task(section.name.partition(":")[2], (script,), (), section.span))
    return Tasks(tuple(tasks))


def _shifted(text: Text, shift: int, start: int, end: int) -> Span:
    return text.span(shift + start, shift + end)


def _whole(span: Span, start: int, end: int) -> Span:
    del start, end
    return span
