"""Whether what code falls back on serves wherever it runs: a number, a switch, a text that names nothing outside.

A project whose example has its addresses, accounts and secrets often leaves such settings out on purpose: nobody has
to look at them to set it up. Where an example documents most of them, one that is missing was forgotten.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.env_keys.apps.model import App
    from fr_check.sources.settings import Setting

# Smaller examples say nothing about what their author would leave out.
_FEW = 5
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


def left_out_by_choice(app: App) -> frozenset[str]:
    """The variables with such a default that the examples of an app leave out on purpose.

    None where its examples are small, or document more of those variables than they leave out.
    """
    if app.strict or len(app.documented) < _FEW:
        return frozenset()
    if app.choice is None:
        found = {setting.name: is_tuning(setting) for setting in app.settings if setting.names}
        for read in app.reads:
            if not app.takers(read.key):
                found[read.key] = found.get(read.key, True) and serves(read.key, read.default)
        tuning = {name for name, serving in found.items() if serving}
        left = {name for name in tuning if name not in app.documented and name.upper() not in app.commented}
        known = [name for name in tuning - left if not _PORT.search(name.upper())]
        app.choice = frozenset(left if len(left) >= len(known) else ())
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
