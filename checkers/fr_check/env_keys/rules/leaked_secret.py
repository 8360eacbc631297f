"""A value in the example file that looks like a real secret.

## What it finds

A value with the form of a credential that some service issues (an AWS or GitHub key, a private key, a signed token),
or a long random value for a key that names a secret. Empty values, placeholders (`<YOUR_KEY>`, `change-me`), defaults
for a developer's machine (`minio`, `postgres`, `dev_...`), passwords of `localhost`, and keys that a vendor publishes
for everybody's emulator or tests (Azurite's, Supabase's, reCAPTCHA's) are clean. The value is never shown.

## Why it matters

The example file is committed: whatever stands in it is public to everyone who can read the repository, for good.

## How to fix

Revoke the secret, then replace the value with a placeholder. Removing it from the file does not remove it from the
history.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections import Counter

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.core.secrecy import is_secret_name
from fr_check.env_keys.facts import example_of
from fr_check.env_keys.values.placeholders import is_local, is_placeholder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App
    from fr_check.env_keys.facts import Facts

_ISSUED = pattern(
    r"(?:AKIA|ASIA)[0-9A-Z]{16}|gh[opsur]_[A-Za-z0-9]{36}|github_pat_\w{60,}|glpat-[\w-]{20}|xox[abprs]-[\w-]{20,}"
    r"|sk-(?:proj-|ant-|or-v1-)?[A-Za-z0-9_-]{32,}|[sr]k_live_[A-Za-z0-9]{20,}|AIza[\w-]{35}|hvs\.[\w-]{20,}"
    r"|SG\.[\w-]{20,}\.[\w-]{20,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}|npm_[A-Za-z0-9]{36}|dop_v1_[a-f0-9]{64}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*",
    re.DOTALL,
)
# How they begin: most values need no look at the whole expression, which takes longer to compile than all of them.
_HEADS = (
    "AKIA", "ASIA", "gh", "github_pat_", "glpat-", "xox", "sk", "rk_live_", "AIza", "hvs.", "SG.", "eyJ", "npm_",
    "dop_v1_", "-----BEGIN",
)  # fmt: skip
_PASSWORD_IN_URL = pattern(r"[a-z][a-z0-9+.-]*://[^/:@\s]*:(?P<password>[^@/\s]+)@(?P<host>[^/:?\s]+)", re.IGNORECASE)
_RANDOM = pattern(r"[A-Za-z0-9+/_=.~!#%^&*-]+")
_SHORTEST = 20
_SHORTEST_PASSWORD = 12
_BITS = 3.2
# What vendors publish for everybody, by the head of its SHA-256: the keys themselves would alarm other scanners.
_PUBLISHED = frozenset((
    "0011cc25eb432071",  # Azurite's account
    "aa6547439583c3a2",  # the emulator of Cosmos DB
    "bc1a50966c9e6486",  # the first account of Hardhat and Anvil
    "f5e95c9954635b65",  # reCAPTCHA, for tests
    "03b970ed8171d73b",  # reCAPTCHA's site key for tests
    "fb8f35129df87662",  # Turnstile, for tests
    "2cafc0970149a84f",  # Stripe's documentation
    "78314b11be2e5815",  # AWS's documentation
    "1a5d44a2dca19669",  # AWS's documentation
))  # fmt: skip

_CONFIG = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    signing_key: str = ""
"""

BAD = {
    "apps/backend/src/config.py": _CONFIG,
    # Not a secret: the digits of pi, long enough to look like one.
    ".env.example": "SIGNING_KEY=b3141592653589a7932384626433c\n",
}
GOOD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "SIGNING_KEY='<YOUR_SIGNING_KEY>'\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Judges every documented value, once per file and key."""
    seen = set()
    for app in facts.apps:
        for key, documented in app.documented.items():
            value = documented.binding.value
            place = (documented.text.path, key)
            if value is None or place in seen or not _looks_real(value.reveal(), secret=_is_secret(app, key)):
                continue
            if _is_published(value.reveal()):
                continue
            seen.add(place)
            message = f"`{key}` in {documented.text.path} has a value that looks like a real secret"
            help_ = f"revoke it, and write a placeholder such as `{key}='<YOUR_{key}>'`"
            group = f"values in {documented.text.path} that look like real secrets"
            yield RULE.finding(key, message, help=help_, location=documented.location, group=group)


def _is_secret(app: App, key: str) -> bool:
    return is_secret_name(key) or any(setting.secret for setting in app.takers(key))


def _is_published(value: str) -> bool:
    """Whether a vendor publishes the key, so that all emulators and tests have the same."""
    from base64 import urlsafe_b64decode  # noqa: PLC0415 - only of a value that looks like a secret
    from hashlib import sha256  # noqa: PLC0415

    bare = value.strip().removeprefix("0x")
    if sha256(bare.encode()).hexdigest()[:16] in _PUBLISHED:
        return True
    *_, claims, _signature = ["", "", *bare.split(".")] if bare.startswith("eyJ") else ["", ""]
    try:
        return b"supabase-demo" in urlsafe_b64decode(f"{claims}===")
    except ValueError:
        return False


def _looks_real(value: str, *, secret: bool) -> bool:
    bare = value.strip()
    if bare.startswith(_HEADS) and _ISSUED.fullmatch(bare):
        return len(set(value)) > 8  # noqa: PLR2004 - `sk-xxxxxxxx` is no key
    url = _PASSWORD_IN_URL.match(value) if "://" in value and "@" in value else None
    if url is not None:
        password = url["password"]
        service = is_local(url["host"]) or "." not in url["host"]
        return not service and len(password) >= _SHORTEST_PASSWORD and _is_random(password, _SHORTEST_PASSWORD)
    return secret and len(value) >= _SHORTEST and _RANDOM.fullmatch(value) is not None and _is_random(value, _SHORTEST)


def _is_random(value: str, shortest: int) -> bool:
    """Letters and digits mixed, and as many different ones as chance gives."""
    if len(value) < shortest or is_placeholder(value):
        return False
    mixed = any(character.isdigit() for character in value) and any(character.isalpha() for character in value)
    counts = Counter(value)
    bits = -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())
    return mixed and bits >= _BITS


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Writes a placeholder in place of the value, which stays in the history: it has to be revoked all the same."""
    from fr_check.edits.example import replace_value  # noqa: PLC0415 - only to cure

    del text_of
    source = example_of(facts, finding.location.path)
    given = [] if source is None else [one for one in source.content.assignments if one.key == finding.subject]
    if source is None or not given:
        return None
    if posixpath.basename(source.text.path) == ".env":
        return Refused(f"{source.text.path} is what runs, and no example: take it out of the repository")
    edits = tuple(replace_value(source.text, one, f"'<YOUR_{one.key}>'") for one in given)
    remains = f"revoke what stood in `{finding.subject}`: the history of the repository keeps it"
    return Fix(UNSAFE, edits, remains)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
