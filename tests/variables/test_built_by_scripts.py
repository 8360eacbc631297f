"""U8 in other words: the image that a service runs is the one that a script of a workflow builds, whatever its tag."""

from __future__ import annotations

import pytest

from variables.notation import repository
from variables.test_cases import findings

_BEFORE = (
    'AB C«web: {image: "ghcr.io/acme/app:${TAG:-1}", env}» F .github/workflows/build.yml«on: push¶'
    "env: {IMAGE: ghcr.io/acme/app, OWNER: acme}¶jobs:¶  build:¶    runs-on: ubuntu-latest¶    steps:¶"
    "      - uses: actions/checkout@v4¶      - run: |¶          %s»"
)


@pytest.mark.parametrize(
    "script",
    [
        "docker build -t ghcr.io/acme/app:$GITHUB_SHA .",
        'docker build --tag="ghcr.io/acme/app:${GITHUB_SHA::7}" .',
        "docker build -t $IMAGE:$GITHUB_SHA .",
        'docker buildx build --push --tag "ghcr.io/$OWNER/app:$(git rev-parse --short HEAD)" .',
        'docker build -t other:$GITHUB_SHA -t "$IMAGE:latest" .',
    ],
)
def test_a_tag_that_only_a_run_tells_leaves_the_name_of_the_image(script: str):
    assert findings(repository(_BEFORE % script)) == {("unpassed-setting", "B", "warning")}


@pytest.mark.parametrize(
    "script",
    [
        "docker build -t ghcr.io/acme/app$SUFFIX:1 .",
        "docker build -t ghcr.io/$GITHUB_ACTOR/app:1 .",
        "docker build -t localhost:5000/$NAME .",
        "docker build -t ghcr.io/acme/other:$GITHUB_SHA .",
    ],
)
def test_a_name_that_only_a_run_tells_joins_nothing(script: str):
    assert findings(repository(_BEFORE % script)) == set()
