"""Whether an example is only a selection of what the code takes: then what it leaves out was left out on purpose.

A project with hundreds of settings documents those that one has to set, and points to its manual for the others. Each
of them as a warning would be right and of no use.

A default that serves wherever the program runs (a number, a switch, a text that names nothing outside) is often left
out in the same way: nobody has to look at it to set the project up. Where an example documents most of those, one that
is missing was forgotten, unless the file that has it is a part of the program that the example leaves out as a whole.
"""

from __future__ import annotations

from collections import Counter

from fr_check.core.patterns import pattern
from fr_check.variables.backends import examples
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.env_keys.apps.model import App
    from fr_check.sources.settings import Setting

# So few that are left out are named one by one, however few are documented.
_FEW = 5
# Smaller examples say nothing about what their author would leave out.
_SMALL = 5
# As many of one file, and as many as are documented of it, are a part of the program that an example leaves out.
_TOGETHER = 3
_NUMBERS = frozenset(("int", "float", "decimal", "bool"))
_NUMBER = pattern(r"[-+]?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?|(?i:true|false|yes|no|on|off|none)")
# Every example has the ports of what it has the addresses of.
_PORT = pattern(r"(?:^|_)PORT(?:_|$)")
# Numbers and texts that name somebody's own: `CHAT_ID = 0` stands for none.
_OWN = pattern(r"(?:^|_)(?:IDS?|CHANNEL|CHAT|PHONE)(?:_|$)")
# What differs from one deployment to the next whatever a default says.
_DEPLOYED = pattern(
    r"(?:^|_)(?:HOSTS?|HOSTNAME|UR[LI]S?|DSN|DOMAINS?|ORIGINS?|E?MAILS?|BUCKET|REGION|ENDPOINTS?|SERVERS?|ADDRESS|ADDR"
    r"|USER|USERNAME|DATABASE|DB|KEY|SECRET|TOKEN|PASS|PASSWORD|CREDENTIALS?|ACCOUNT|TENANT|ENV|ENVIRONMENT|WEBHOOK"
    r"|CLIENT|CONTACT|BROKERS?|CLUSTER|NAMESPACE)(?:_|$)"
)
# Texts that only one machine, or nobody, has.
_PLACE = pattern(r"(?i)://|@|localhost|\b\d+\.\d+\.\d+\.\d+\b|change|your|example|todo|<|\{\{|secret|dummy|placeholder")


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


def left_out_by_choice(app: App) -> frozenset[str]:
    """The variables with such a default that the examples of an app leave out on purpose.

    None where its examples are small, or document more of those variables than they leave out, unless those of one file
    are left out together.
    """
    if app.strict or len(app.commented.union(map(str.upper, app.documented))) < _SMALL:
        return frozenset()
    if app.choice is None:
        found = {setting.name: is_tuning(setting) for setting in app.settings if setting.names}
        files = {setting.name: {setting.location.path} for setting in app.settings}
        for read in app.reads:
            if not app.takers(read.key):
                found[read.key] = found.get(read.key, True) and serves(read.key, read.default)
                files.setdefault(read.key, set()).add(read.location.path)
        tuning = {name for name, serving in found.items() if serving}
        left = {name for name in tuning if name not in app.documented and name.upper() not in app.commented}
        known = [name for name in tuning - left if not _PORT.search(name.upper())]
        if len(left) < len(known):
            of_left = Counter(path for name in left for path in files[name])
            of_known = Counter(path for name in known for path in files[name])
            aside = {path for path, number in of_left.items() if number >= max(_TOGETHER, of_known[path])}
            left = {name for name in left if not aside.isdisjoint(files[name])}
        app.choice = frozenset(left)
    return app.choice


def serves(name: str, default: str) -> bool:
    """Whether a default, as a program has it in the environment, serves in every deployment; empty ones do not."""
    name = name.upper()
    if not default or _OWN.search(name):
        return False
    if _NUMBER.fullmatch(default):
        return default.lower() != "none"
    return "\n" not in default and not _DEPLOYED.search(name) and not _PLACE.search(default)


def is_tuning(setting: Setting) -> bool:
    """Whether a field has a default that serves in every deployment."""
    if setting.default is None:
        return False
    if setting.default.literal is not None:
        text = setting.default.literal.reveal()
        quoted = text[:1] in {"'", '"'} and text[-1:] == text[:1]
        inner = text[1:-1] if quoted else text
        # A list, a model, an expression: what is in it is not looked at.
        return (quoted or _NUMBER.fullmatch(text) is not None) and serves(setting.name, inner)
    # `60 * 24 * 8`: what comes out is a number all the same.
    return bool(setting.kind.names) and _NUMBERS.issuperset(setting.kind.names) and not _OWN.search(setting.name)
