"""Whether an image that a workflow builds leaves the runner: is it pushed, by its own step or by a later command."""

from __future__ import annotations

from fr_check.builds.model import WORKFLOW
from fr_check.core.patterns import pattern
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.builds.model import Build
    from fr_check.core.repository import Repository
    from fr_check.sources.workflow import Workflow

# A command that sends an image elsewhere: to a registry, into an archive, to a host of applications.
_SENDS = pattern(
    r"\b(?:docker|podman|buildah|nerdctl|compose|crane|skopeo|oras|regctl)\b[^\n|&;]{0,300}\s(?:push|copy|save)\b"
    r"|--push\b|type=registry|push=true|\bimagetools\s+create|\b(?:fly|flyctl|heroku|railway)\s+(?:deploy|container)"
)
# A script that tries an image out.
_TESTS = pattern(r"(?:^|/)(?:tests?|e2e|smoke)/|(?:^|[/_.-])(?:test|smoke|e2e)(?:[_.-][\w.-]*)?\.(?:sh|bash)$")
_PULL_REQUESTS = frozenset(("pull_request", "pull_request_target", "merge_group"))


def pushed(repository: Repository, build: Build, workflows: Mapping[str, Workflow]) -> bool | None:
    """Whether the image of a build is pushed; None where that is not known.

    A command that does not push by itself builds for the runner alone, unless a command of its file, or for a script of
    a workflow, sends images somewhere; so does a script of tests, and a step that says nothing in a workflow of pull
    requests only.
    """
    if build.place != WORKFLOW or build.published is not None:
        return build.published
    if _TESTS.search(build.path):
        return False
    paths = (build.path,) if build.path in workflows else (build.path, *workflows)
    texts = [text for text in map(repository.read, paths) if isinstance(text, Text)]
    if any(text.parsed(_sends) for text in texts):
        return None
    if build.what.startswith("command"):
        return False
    triggers = workflows[build.path].triggers if build.path in workflows else ()
    return False if triggers and _PULL_REQUESTS.issuperset(triggers) else None


def _sends(text: Text) -> bool:
    return _SENDS.search(text.string) is not None
