"""What services are given that no repository holds: told, so that silence about a setting is not taken for praise."""

from __future__ import annotations

from fr_check.core.model import Gap
from fr_check.env_keys.processes import demands, judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.env_keys.facts import Facts


def find(facts: Facts) -> tuple[Gap, ...]:
    """Each file or thing that may hold variables of a service whose program is certain, once.

    Each service that has the application's settings in its image, and starts what could not be followed.
    Also the scripts in which a `docker run` was looked for and that are too long to be followed: nobody said that there
    is one.
    """
    found: dict[tuple[str, str], Gap] = {}
    for one in judged.services(facts):
        for layer in one.process.layers:
            # A copy of an example holds what the example says: that is known well enough.
            if layer.open is not None and not layer.copied and not layer.changes:
                message = f"{layer.open.why}, so a setting that {one.name} seems to lack may be there"
                where = layer.open.location or layer.location
                found.setdefault((layer.open.subject, one.name), Gap("env-keys", layer.open.subject, message, where))
    for project in judged.projects(facts) if any(app.settings for app in facts.apps) else ():
        for lacking in project.gaps:
            message = f"{lacking.message}, so what the services get that come from there is not known"
            where = lacking.location
            found.setdefault((lacking.subject, where.path), Gap("env-keys", lacking.subject, message, where))
    for absent in judged.lacking(facts) if any(app.settings for app in facts.apps) else ():
        by = "COMPOSE_FILE" if absent.location is not None else "a command"
        message = (
            f"the compose file `{absent.path}`, which {by} names, is not in this repository, so what it gives is not"
            " known"
        )
        if all(subject != absent.path for subject, _ in found):
            found[absent.path, ""] = Gap("env-keys", absent.path, message, absent.location)
    for service in judged.lost(facts):
        process, name = service.process, service.service.name
        message = (
            f"{process.what} of {process.of} runs {service.lost}, which could not be followed to a program, so what it"
            " gets is not judged"
        )
        found.setdefault((name, process.of), Gap("env-keys", name, message, process.location))
    found.update(((one.subject, ""), one) for one in _edited(facts))
    for told in judged.unfollowed(facts) if any(app.settings for app in facts.apps) else ():
        message = f"{told.message}, so what a `docker run` in it gives is not known"
        found.setdefault((told.subject, ""), Gap("env-keys", told.subject, message, told.location))
    return tuple(found.values())


def _edited(facts: Facts) -> Iterator[Gap]:
    """Demands that a copy of the example does not meet, and that a task may meet which writes `.env` further."""
    edited = demands.Edited(facts)
    for project in judged.projects(facts):
        for demand, example, _ in demands.unmet(facts.flow, project) if facts.flow is not None else ():
            name = demand.reference.name
            task = edited.may_have(name, example)
            if task is not None:
                message = (
                    f"{task.path} writes more into .env than {example} has, so whether `{name}` is empty is not known"
                )
                yield Gap("env-keys", name, message, demand.location)
