"""The words of a docker command line: options with their values, operands, and which options take a value."""

from __future__ import annotations

from fr_check.core.record import NamedTuple


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


VALUED = _words(
    "-f --file -t --tag --build-arg --target --platform --cache-from --cache-to --label --secret --ssh --network "
    "--progress -o --output --builder --build-context --add-host --allow --annotation --attest --cgroup-parent "
    "--iidfile --metadata-file --no-cache-filter --shm-size --ulimit -m --memory --call --isolation -c --cpu-shares "
    "--cpuset-cpus --project --format --layers --set -p --project-name --project-directory --env-file --profile --ansi "
    "--parallel -H --host --context --config -l --log-level --scale --timeout --wait-timeout --pull --var"
)
# Of these, `docker build` takes no value: `--pull` is a flag there, and takes one in `docker compose up`.
BUILD_FLAGS = _words("--pull --parallel --context")
# Of `docker run`, `docker exec`, and `docker compose run`.
RUN_VALUED = _words(
    "-e --env --env-file -v --volume --mount -w --workdir -u --user -p --publish --name --network --net --entrypoint "
    "--platform -h --hostname -m --memory --cpus -l --label --add-host --link --tmpfs --shm-size --ulimit --restart "
    "--cap-add --cap-drop --device --dns --gpus --ipc --log-driver --log-opt --pid --pull --runtime --security-opt "
    "--stop-signal --volumes-from --index --cidfile --cgroupns --userns --expose --memory-swap --cpuset-cpus -c "
    "--group-add --health-cmd --ip --label-file --sysctl --stop-timeout"
)
COMPOSE_GLOBAL = _words("-f --file -p --project-name --project-directory --env-file --profile --ansi --parallel")
DOCKER_GLOBAL = _words("-H --host --context -c --config -l --log-level --tlscacert --tlscert --tlskey")


class Token(NamedTuple):
    """One word as the command gets it (None: not known), and where it stands; `raw` is the word as it is written.

    `prefix` is the text that is written before what is expanded; of a word with a colon that is not known, `known` is
    all that comes before the first part of it that is not.
    """

    value: str | None
    start: int
    end: int
    prefix: str = ""
    doubtful: bool = False
    raw: str = ""
    known: str = ""

    @property
    def shown(self) -> str:
        """The word's value, or where that is not known, how it is written."""
        return self.raw if self.value is None else self.value


class Options(NamedTuple):
    """Options by name with their tokens, and operands."""

    named: dict[str, list[Token]]
    operands: list[Token]
    opaque: bool

    def last(self, *names: str) -> Token | None:
        """The last value of an option that has several names."""
        found = [token for name in names for token in self.named.get(name, ())]
        return found[-1] if found else None

    def values(self, *names: str) -> tuple[str, ...]:
        """All known values of an option."""
        return tuple(t.value for name in names for t in self.named.get(name, ()) if t.value is not None)


def options_of(tokens: list[Token], valued: frozenset[str]) -> Options:
    """Sorts words into options and operands; those of `valued` take the next word. Unknown options are flags."""
    options = Options({}, [], opaque=False)
    opaque = False
    index = 0
    while index < len(tokens):
        token = tokens[index]
        text = token.prefix if token.value is None else token.value
        index += 1
        if token.value is None and not text:
            opaque = True
            options.operands.append(token)
        elif not text.startswith("-") or text == "-":
            options.operands.append(token)
        elif text.startswith("--") and "=" in text:
            name, _, rest = text.partition("=")
            value = rest if token.value is not None else None
            shift = len(name) + 1
            found = Token(value, token.start + shift, token.end, rest, known=token.known[shift:])
            options.named.setdefault(name, []).append(found)
        elif text in valued and index < len(tokens):
            options.named.setdefault(text, []).append(tokens[index])
            index += 1
        elif not text.startswith("--") and text[:2] in valued and len(text) > 2:  # noqa: PLR2004 - `-fFILE`
            options.named.setdefault(text[:2], []).append(Token(text[2:], token.start + 2, token.end))
        else:
            options.named.setdefault(text, []).append(token)
    return options._replace(opaque=opaque)


def past_options(tokens: list[Token], index: int, valued: frozenset[str]) -> int:
    """The index of the first word from `index` on that is no option, nor an option's value."""
    while index < len(tokens) and (tokens[index].value or "").startswith("-"):
        index += 2 if tokens[index].value in valued else 1
    return index
