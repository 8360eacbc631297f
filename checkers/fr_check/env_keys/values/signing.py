"""Keys with which an application signs what it issues itself: with an empty one, anybody can forge that."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.settings import Setting

# Those of other services (S3_SECRET_KEY) sign nothing here.
_WHOLE = frozenset(("SECRET_KEY", "SECRET_KEY_BASE", "APP_SECRET", "APP_SECRET_KEY", "APP_KEY", "DJANGO_SECRET_KEY"))
_ENDS = (
    "SIGNING_KEY", "SIGNING_SECRET", "JWT_KEY", "JWT_SECRET", "JWT_SECRET_KEY", "SESSION_KEY", "SESSION_SECRET",
    "SESSION_SECRET_KEY", "COOKIE_KEY", "COOKIE_SECRET", "CSRF_KEY", "CSRF_SECRET", "AUTH_SECRET", "TOKEN_SECRET",
)  # fmt: skip


def is_signing_key(setting: Setting, name: str) -> bool:
    """Whether a setting holds such a key, by the name of its variable or its field."""
    names = (name.upper(), setting.field.upper())
    return any(given in _WHOLE or given.endswith(_ENDS) for given in names)
