"""Files of services that build images, and that nobody here reads: Google Cloud Build, GitLab, CircleCI and others."""

from __future__ import annotations

from fr_check.builds.model import is_sample
from fr_check.core.patterns import pattern
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.repository import Repository

_NAMES = frozenset(
    (
        ".drone.yml",
        ".gitlab-ci.yml",
        ".travis.yml",
        "Jenkinsfile",
        "azure-pipelines.yml",
        "bitbucket-pipelines.yml",
        "buildspec.yml",
        "heroku.yml",
        "skaffold.yaml",
    )
)
_PATHS = (".circleci/config.yml", ".circleci/config.yaml")
_BUILDS = pattern(
    r"\b(?:docker|podman|buildah|nerdctl|depot)\b[\s\"',-]+(?:(?:buildx|image|compose)[\s\"',-]+)?(?:build|bake)\b|\bkaniko\b"
    r"|gcr\.io/cloud-builders/docker|\bdocker(?:/|_)build\b|\bdockerfile\b|\bDocker@\d|docker\.build\("
)


def find(repository: Repository) -> tuple[str, ...]:
    """The paths of such files whose text builds an image."""
    texts = map(repository.read, repository.select(_is_one))
    return tuple(text.path for text in texts if isinstance(text, Text) and text.parsed(_builds_image))


def _is_one(path: str) -> bool:
    name = path.rpartition("/")[2]
    cloud = name.startswith("cloudbuild") and name.endswith((".yaml", ".yml", ".json"))
    return (cloud or name in _NAMES or path in _PATHS) and not is_sample(path)


def _builds_image(text: Text) -> bool:
    return _BUILDS.search(text.string) is not None
