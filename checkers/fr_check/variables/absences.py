"""Where one would look for a variable that nothing gives to a service."""

from __future__ import annotations

from fr_check.variables.model import Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.sources.compose.model import Service
    from fr_check.variables.services import ServiceProcess


def absences(found: ServiceProcess) -> Iterator[Step]:
    """Where one would look for a name that nothing gives."""
    service: Service = found.service
    if found.process.kind == "run":
        text = "no option gives it"
        yield Step("absent", text, text, found.process.location)
        yield from (Step("absent", text, "no .env in the image", location) for text, location in found.absences)
        return
    where = service.place("environment")
    if "environment" in service.keys and where.span is not None:
        where = where._replace(span=where.span._replace(end_column=where.span.end_column + 1))
    files = ", ".join(f"`{file.path.value}`" for file in service.env_files)
    has = "`environment` does not name it" if "environment" in service.keys else "there is no `environment`"
    more = f", nor does {files}" if files else ", and there is no `env_file`"
    short = f", nor does {files}" if files else ", no env_file"
    yield Step("absent", has + more, has + short, where)
    for one in found.sourced.noted if found.sourced is not None else ():
        if one.rendered is not None:
            text = f"{one.rendered.path} does not render it into what `{one.shown}` reads"
            place = one.rendered.text.location(0, 0)._replace(span=None)
            yield Step("absent", text, f"not rendered for `{one.shown}`", place)
    for text, location in found.absences:
        yield Step("absent", text, "no .env in the image", location)
