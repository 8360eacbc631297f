"""Whether an example is only a selection of what the code takes: then what it leaves out was left out on purpose.

A project with hundreds of settings documents those that one has to set, and points to its manual for the others. Each
of them as a warning would be right and of no use.
"""

from __future__ import annotations

from fr_check.variables.backends import examples
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.env_keys.apps.model import App
    from fr_check.sources.settings import Setting

# So few that are left out are named one by one, however few are documented.
_FEW = 5


def of(app: App) -> str:
    """What makes the example of an app a selection, in words; empty where it is meant to hold everything."""
    if app.strict or not app.examples:
        return ""
    path = app.examples[0].text.path
    if is_committed(app):
        return f"{path}, which is no example but what is run with"
    settings = [setting for setting in app.settings if setting.names and not setting.conditional]
    reads = {read.key for read in app.reads if not (app.takers(read.key) or is_well_known(read.key))}
    every = len(settings) + len(reads)
    documented = sum(_is_documented(app, setting) for setting in settings)
    documented += sum(key in app.documented or key.upper() in app.commented for key in reads)
    left_out = every - documented
    return f"{path}, which documents {documented} of {every}" if left_out > max(_FEW, documented) else ""


def left(app: App) -> set[str]:
    """What the examples of an app leave out of what need not be set."""
    if not app.examples:
        return set()
    names = {read.key for read in app.reads}
    names.update(setting.names[0] for setting in app.settings if setting.names and not setting.required)
    return {name for name in names if name not in app.documented and name.upper() not in app.commented}


def is_minor(app: App, name: str) -> bool:
    """Whether nobody misses a variable in the example that need not be set: a guide has it."""
    return name in app.described


def left_out(app: App, what: str) -> str:
    """The cause that findings about what an example leaves out share; `what`: `settings that`."""
    files = " or ".join(source.text.path for source in app.examples)
    return f"{what} {f'{app.selection},' if app.selection else files} does not document"


def is_committed(app: App) -> bool:
    """Whether a committed `.env` stands for the example that there is not."""
    return any(examples.is_committed(source.text.path) for source in app.examples)


def _is_documented(app: App, setting: Setting) -> bool:
    if app.documentation(setting) or any(name.upper() in app.commented for name in setting.every_name):
        return True
    return any(app.documentation(leaf, case_sensitive=setting.case_sensitive) for leaf in setting.leaves)
