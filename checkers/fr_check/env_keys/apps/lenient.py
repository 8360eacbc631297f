"""Fields that no variable need fill although they have no default: another place may give the value."""

from __future__ import annotations

from fr_check.variables.backends.calls import EVERYTHING, passed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_check.core.repository import Repository
    from fr_check.env_keys.apps.model import SettingsSource
    from fr_check.sources.settings import Setting, SettingsClass


def lenient(repository: Repository, sources: Sequence[SettingsSource]) -> list[SettingsSource]:
    """The sources, with nothing required that may come from elsewhere.

    That is so in a class of which not all is known, in one with another source, and for what its calls pass.
    """
    classes = [found for source in sources for found in source.content.classes]
    names = [found.name for found in classes if any(setting.required for setting in found.settings)]
    given = passed(repository, names)
    return [
        source._replace(
            content=source.content._replace(classes=tuple(_class(found, given) for found in source.content.classes))
        )
        for source in sources
    ]


def _class(found: SettingsClass, given: Mapping[str, frozenset[str]]) -> SettingsClass:
    fields = given.get(found.name, frozenset())
    whole = not found.complete or found.other_sources or EVERYTHING in fields
    if not (whole or fields):
        return found
    return found._replace(settings=tuple(_setting(one, fields, whole=whole) for one in found.settings))


def _setting(setting: Setting, fields: frozenset[str], *, whole: bool) -> Setting:
    return setting._replace(required=False) if whole or setting.field in fields else setting
