"""Where a variable comes from and who reads it, process by process: what `fr-check trace` tells."""

from __future__ import annotations

import posixpath
from functools import cached_property

from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import redact
from fr_check.core.text import Text
from fr_check.sources import dotenv
from fr_check.sources.dotenv import Dotenv
from fr_check.variables import copies, filled
from fr_check.variables.environments import Environments
from fr_check.variables.hosts import TEST
from fr_check.variables.mentions import Mentions
from fr_check.variables.model import Maybe, Set, Step, fold
from fr_check.variables.outcomes import Traced, given, of_entry, of_service, outcome_of, unexported
from fr_check.variables.pages import Pages
from fr_check.variables.programs import is_read
from fr_check.variables.value_outcomes import DEFAULT, EXAMPLE, IGNORED, NOT_SET, REFUSED, UNKNOWN, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.core.model import Location
    from fr_check.sources.opaque import Opaque
    from fr_check.variables.copies import Copy
    from fr_check.variables.flow import Flow
    from fr_check.variables.hosts import HostProcess
    from fr_check.variables.model import ComposeHost
    from fr_check.variables.programs import Process, Program, Reader
    from fr_check.variables.services import ServiceProcess
    from fr_check.variables.value_outcomes import Word

    Refused = Callable[[Process, Program, Reader], Opaque | None]


BY_WORDS = "a command, a script or the health check"


class Placed(NamedTuple):
    """A traced process with its environments; `again` where an earlier one is the same task."""

    traced: Traced
    environments: tuple[str, ...]


class Trace(NamedTuple):
    """Everything about one variable.

    `mentions` are programs that name it and that nothing follows; `fills` are texts of compose files that Compose puts
    it into, where no program reads it by its name.
    """

    variable: str
    readers: tuple[Reader, ...]
    documented: tuple[Location, ...]
    processes: tuple[Placed, ...]
    mentions: tuple[Location, ...] = ()
    fills: tuple[Step, ...] = ()

    @property
    def secret(self) -> bool:
        """Whether its value is not to be shown."""
        return any(reader.secret for reader in self.readers)

    @property
    def known(self) -> bool:
        """Whether anything names it."""
        return bool(self.readers or self.documented or self.processes or self.mentions or self.fills)


class Tracer:
    """Traces variables of one repository; `refused` gives the text that arrives and that a setting's type refuses."""

    def __init__(self, flow: Flow, refused: Refused | None = None) -> None:
        self.flow = flow
        self.refused = refused
        self.pages = Pages(flow)
        self.mentions = Mentions(flow)
        self.environments = Environments(flow, self.pages)

    @cached_property
    def _copies(self) -> dict[str, Copy]:
        return copies.find(self.flow.repository)

    def names(self) -> tuple[str, ...]:
        """Every variable that a program or page reads."""
        found = [reader.names[0] for program in self.flow.programs for reader in program.readers if reader.names]
        found += [name for reader in self.pages.readers for name in reader.names]
        return tuple(dict.fromkeys(found))

    def all_names(self) -> tuple[str, ...]:
        """Every variable that anything names: read, documented, or given to a service."""
        found = [name for program in self.flow.programs for reader in program.readers for name in reader.names]
        found += [name for reader in self.pages.readers for name in reader.names]
        found += [name for places in self._documented.values() for name in places]
        found += [name for one in self.flow.services for layer in one.process.layers for name in layer.entries]
        return tuple(dict.fromkeys(found))

    @cached_property
    def _documented(self) -> dict[str, dict[str, Location]]:
        """Example -> name -> its place."""
        found: dict[str, dict[str, Location]] = {}
        for program in self.flow.programs:
            for path in program.examples:
                text = self.flow.repository.read(path)
                read = self.flow.repository.parse(path, dotenv.parse)
                if isinstance(read, Dotenv) and isinstance(text, Text):
                    found[path] = {key: text.at(one.key_span) for key, one in read.last().items()}
        for compose_host in {
            one.process.compose_host.path: one.process.compose_host for one in self.flow.services
        }.values():
            if compose_host.path is not None:
                found.setdefault(compose_host.path, dict(compose_host.places))
        return found

    def readers(self, name: str) -> Iterator[tuple[Program | None, Reader]]:
        """Who reads a variable: fields of settings, code, pages."""
        for program in self.flow.programs:
            yield from ((program, reader) for reader in program.reads(name))
        yield from ((None, reader) for reader in self.pages.readers if name in reader.names)

    def trace(self, name: str) -> Trace:
        """Everything about a variable."""
        found = list(self.readers(name))
        processes: list[Placed] = []
        for program, reader in found:
            own = list(self._of_program(program, reader) if program is not None else self._of_page(reader))
            processes += sorted(own, key=self._rank)
        for service, step in self.pages.too_late(name):
            process = service.process
            traced = Traced("service", process.what, process.of, process.location, (), Outcome(IGNORED), (step,))
            processes.append(Placed(traced, self.environments.of_service(service)))
        baked = (
            []
            if found
            else [Placed(traced, self._of_build(traced)) for traced in self.pages.unread(name, self._host_of)]
        )
        if not found:
            processes += [*baked, *self._given(name)]
        documented = tuple(places[name] for places in self._documented.values() if name in places)
        readers = tuple(reader for _, reader in found)
        fills = () if found or baked else tuple(filled.places(self.flow.repository, self.flow.projects, name))
        known = Trace(name, readers, documented, tuple(processes), tuple(self.mentions.by_tools(name)), fills)
        return known if known.known else known._replace(mentions=tuple(self.mentions.anywhere(name)))

    def _rank(self, placed: Placed) -> tuple[tuple[int, str], int]:
        order = {"task": 0, "step": 1, "run": 2, "service": 3, "build": 4}
        first = min((self.environments.rank(name) for name in placed.environments), default=(99, ""))
        return first, order.get(placed.traced.kind, 9)

    def _of_program(self, program: Program, reader: Reader) -> Iterator[Placed]:
        for host, names in self.environments.hosts:
            reads = is_read(host.programs, program, reader)
            if reads is not False:
                outcome, steps = self._host(host, program, reader)
                outcome = _read(outcome, reads=reads)
                outcome = self._judged(outcome, _bare(host), program, reader)
                yield Placed(Traced(host.kind, host.what, host.of, host.location, (reader,), outcome, steps), names)
        for run in self.flow.runs:
            process = run.service.process
            reads = process.reads(program, reader)
            if reads is not False:
                outcome, steps = of_service(run.service, reader)
                outcome = _read(outcome, reads=reads)
                outcome = self._judged(outcome, process, program, reader)
                traced = Traced("run", process.what, process.of, process.location, (reader,), outcome, steps)
                yield Placed(traced, self.environments.of_command(run.of))
        for found in self.flow.services:
            for names, one in self.environments.views(found):
                process = one.process
                reads = process.reads(program, reader)
                if reads is not False:
                    outcome, steps = of_service(one, reader)
                    outcome = _read(outcome, reads=reads)
                    outcome = self._judged(outcome, process, program, reader)
                    traced = Traced("service", process.what, process.of, process.location, (reader,), outcome, steps)
                    yield Placed(traced, names)

    def _judged(self, outcome: Outcome, process: Process, program: Program, reader: Reader) -> Outcome:
        """The outcome, or that the setting's type refuses what arrives."""
        text = None if self.refused is None else self.refused(process, program, reader)
        if text is None:
            return outcome
        shown = None if reader.hidden else redact(text.reveal()) or None
        return outcome._replace(word=REFUSED, value=shown, by="the type")

    def _of_page(self, reader: Reader) -> Iterator[Placed]:
        for host, names in self.environments.hosts:
            if host.programs or host.role == TEST or host.folder != reader.owner:
                continue
            state = fold(host.layers, reader.names[0])
            outcome = Outcome(NOT_SET)
            step = Step("absent", host.absence_text, host.absence_text, host.absence)
            if isinstance(state, Set):
                outcome = outcome_of(_bare(host), reader, state)
                step = Step("set", state.layer.what, state.layer.what, state.entry.location)
            elif host.kind == "task":
                text = f"no .env file of {reader.owner or '.'} gives it"
                step = Step("absent", text, text, None)
                outcome = Outcome(NOT_SET, None, certain=False, unknown="what the shell sets")
            yield Placed(Traced(host.kind, host.what, host.of, host.location, (reader,), outcome, (step,)), names)
        for traced in self.pages.builds(reader, self._host_of):
            yield Placed(traced, self._of_build(traced))

    def _host_of(self, path: str) -> ComposeHost:
        project = self.flow.project_of(path)
        if project is None:
            from fr_check.variables.model import BARE  # noqa: PLC0415 - a workflow has no host of Compose's

            return BARE
        return self.environments.compose_host(project, self.flow.files.compose_host(project))

    def _of_build(self, traced: Traced) -> tuple[str, ...]:
        project = self.flow.project_of(traced.of)
        if project is not None:
            return self.environments.of_project(project)
        return self.environments.of_build(traced.of)

    def _given(self, name: str) -> Iterator[Placed]:
        """Services that are given a name that nothing of the repository reads."""
        for found in self.flow.services:
            entry = found.service.environment.get(name)
            if entry is not None:
                text = "entry of `environment`"
                step = Step("passed", text, text, entry.location)
                process = found.process
                outcome = self._unread(found, name)
                traced = Traced("service", process.what, process.of, process.location, (), outcome, (step,))
                yield Placed(traced, self.environments.of_service(found))

    def _unread(self, found: ServiceProcess, name: str) -> Outcome:
        """What a name does in a service that no program of the repository reads there."""
        process, state = found.process, found.process.get(name)
        if name in found.words:
            given = state.beneath if isinstance(state, Maybe) else state
            if isinstance(given, Set):
                outcome = of_entry(given.entry, process.compose_host)
                return outcome._replace(by=BY_WORDS, certain=outcome.certain and not isinstance(state, Maybe))
            return Outcome(NOT_SET, by=BY_WORDS)
        if process.programs and process.certain and all(program.open is None for program in process.programs):
            return Outcome(IGNORED)
        return Outcome(UNKNOWN, None, certain=False, unknown=f"what {process.what} reads")

    def _host(self, host: HostProcess, program: Program, reader: Reader) -> tuple[Outcome, tuple[Step, ...]]:
        """What a task or a step has of a setting."""
        process = _bare(host)
        name, state = process.held(reader)
        steps = tuple(given(process, reader, name))
        gaps = state.gaps if isinstance(state, Maybe) else ()
        if isinstance(state.beneath if isinstance(state, Maybe) else state, Set):
            return outcome_of(process, reader, state), steps
        missing: Word = DEFAULT if reader.kind == "setting" and not reader.required else NOT_SET
        outcome, more = self._in_files(host, program, reader, missing)
        steps = (*steps, *(step for _, step in unexported(host.sourced, name)))
        steps = (*steps, *(step for step in more if step.how != "absent" or not steps))
        # What a task's own shell sets is told wherever it matters.
        unseen = [gap.why for gap in gaps if gap is not host.unseen]
        if unseen:
            word = UNKNOWN if outcome.word in {DEFAULT, NOT_SET} else outcome.word
            unknown = "; ".join(dict.fromkeys([*unseen, *([outcome.unknown] if outcome.unknown else [])]))
            outcome = outcome._replace(word=word, certain=False, unknown=unknown)
        return outcome, steps

    def _in_files(
        self, host: HostProcess, program: Program, reader: Reader, missing: Word
    ) -> tuple[Outcome, tuple[Step, ...]]:
        """What a task or a step has of a setting that its environment does not give."""
        committed = self._committed(host, program, reader)
        if committed is not None:
            return committed
        if host.kind == "step":
            return Outcome(missing), (Step("absent", host.absence_text, host.absence_text, host.absence),)
        return self._by_file(host, program, reader, missing)

    def _committed(
        self, host: HostProcess, program: Program, reader: Reader
    ) -> tuple[Outcome, tuple[Step, ...]] | None:
        """What a file gives that the settings read in the working folder and that everybody has; None for nothing."""
        for found in program.classes:
            for name in found.env_files or ():
                path = posixpath.normpath(posixpath.join(host.folder or ".", name))
                if self.flow.files.read(path) is None:
                    continue
                layer = self.flow.files.layer(path, f"`{path}`", found.env_file_place)
                entry = next((layer.entries[key] for key in reader.names if key in layer.entries), None)
                if entry is not None:
                    outcome = outcome_of(_bare(host), reader, Set(entry, layer))
                    if host.kind == "task" and outcome.unknown is None:
                        outcome = outcome._replace(certain=False, unknown="what the shell sets")
                    text = f"`{path}` is `env_file` of {found.name}, in the working directory {host.folder or '.'}"
                    short = f"{path}, env_file of {found.name}"
                    return outcome, (Step("read-from-file", text, short, entry.location),)
        return None

    def _by_file(
        self, host: HostProcess, program: Program, reader: Reader, missing: Word
    ) -> tuple[Outcome, tuple[Step, ...]]:
        """What the file gives that the settings read in a task's working folder."""
        for found in program.classes:
            for name in found.env_files or ():
                path = posixpath.normpath(posixpath.join(host.folder or ".", name))
                copy = self._copies.get(path)
                example = copy.example if copy is not None else self.flow.files.example_of(path)
                places = self._documented.get(example or "", {})
                key = next((each for each in reader.names if each in places), None)
                unknown = f"whether {path} exists, and what the shell sets"
                if example is None or key is None:
                    continue
                steps = [Step("documented", f"entry of `{example}`", f"entry of {example}", places[key])]
                if copy is not None:
                    text = f"`{example}` is copied to `{path}`"
                    steps.append(Step("copied", text, f"to {path}", copy.location))
                where = f"the working directory {host.folder or '.'}"
                text = f"`env_file` of {found.name}, in {where}"
                short = f"env_file of {found.name}, in {host.folder or '.'}"
                steps.append(Step("read-from-file", text, short, found.env_file_place))
                return Outcome(EXAMPLE, None, certain=False, unknown=unknown), tuple(steps)
        text = "no file that the settings read gives it"
        return Outcome(missing, None, certain=False, unknown="what the shell sets"), (Step("absent", text, text, None),)


def _read(outcome: Outcome, *, reads: bool | None) -> Outcome:
    """An outcome where it is not certain that the process comes to the reader at all."""
    if reads:
        return outcome
    return outcome._replace(certain=False, unknown=outcome.unknown or "whether it imports what reads it")


def _bare(host: HostProcess) -> Process:
    from fr_check.variables.model import ComposeHost  # noqa: PLC0415 - a shape for `outcome_of`
    from fr_check.variables.programs import Process  # noqa: PLC0415 - a shape for `outcome_of`

    return Process(host.kind, host.what, host.of, host.location, host.layers, ComposeHost({}), host.programs)
