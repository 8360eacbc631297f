"""Which build arguments hold secrets: by the settings, the Vault template, or, for public variables, their name."""

from __future__ import annotations

from fr_check.core.secrecy import is_secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_check.builds.images import Image
    from fr_check.core.context import Context

# A database's address holds its password.
_ADDRESSES = ("_URL", "_URI", "_DSN")
_STORES = ("DATABASE", "DB", "POSTGRES", "MYSQL", "MONGO", "REDIS", "AMQP", "BROKER", "RABBITMQ")
# Keys, tokens and DSNs for browsers are public by design; what is called so is not.
_PASSWORDS = ("PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "CREDENTIALS")
_NEVER_PUBLIC = ("SECRET", "SECRETS", "PRIVATE_KEY", "SERVICE_ROLE", *_PASSWORDS)
_ABOUT_ONE = ("_URL", "_URI", "_LENGTH", "_MIN", "_MAX", "_ENABLED", "_POLICY", "_REGEX", "_HINT", "_LABEL")
_PAGES = ("_PATH", "_ROUTE")


def public_secret(name: str) -> bool:
    """Whether a public variable has the name of something that must never be in a page."""
    if name.endswith((*_ABOUT_ONE, *_PAGES)) or "RESET" in name or "FORGOT" in name:
        return False
    return any(f"_{words}_" in f"_{name}_" for words in _NEVER_PUBLIC)


def _is_address(name: str) -> bool:
    return name.endswith(_ADDRESSES) and any(store in name for store in _STORES)


def marked(context: Context, images: Iterable[Image], prefixes: tuple[str, ...]) -> dict[str, str]:
    """Build arguments that are known to be secret, and why. Settings and templates are read only if one may be."""
    names = {
        definition.name
        for image in images
        for instruction in image.dockerfile.instructions
        if instruction.keyword == "ARG"
        for definition in instruction.definitions
    }
    suspects = {name for name in names if not name.startswith(prefixes) and (is_secret_name(name) or _is_address(name))}
    if not suspects:
        return {}
    known: Mapping[str, str] = context.facts("env-keys").secrets()
    return {name: why for name, why in known.items() if name in suspects}
