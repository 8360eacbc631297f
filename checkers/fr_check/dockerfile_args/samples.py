"""The small project that the rules' examples change: a frontend whose variable stands in all four places."""

from __future__ import annotations

FILES = {
    ".env.example": "NEXT_PUBLIC_API_URL=\n",
    "apps/frontend/src/api.ts": 'export const base = process.env.NEXT_PUBLIC_API_URL || "";\n',
    "apps/frontend/Dockerfile": """\
FROM node:22 AS builder
WORKDIR /app
COPY . .
ARG NEXT_PUBLIC_API_URL=
ENV NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL}
RUN npm run build

FROM node:22
COPY --from=builder /app/.next ./.next
""",
    "docker-compose.yml": """\
services:
  frontend:
    build:
      context: ./apps/frontend
      args:
        NEXT_PUBLIC_API_URL: ${NEXT_PUBLIC_API_URL:-}
""",
    ".github/workflows/release.yml": """\
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Build frontend
        uses: docker/build-push-action@v6
        with:
          context: ./apps/frontend
          push: true
          build-args: |
            NEXT_PUBLIC_API_URL=https://api.example.org
""",
}


PATHS = {
    "example": ".env.example",
    "source": "apps/frontend/src/api.ts",
    "dockerfile": "apps/frontend/Dockerfile",
    "compose": "docker-compose.yml",
    "workflow": ".github/workflows/release.yml",
}


def project(**changes: tuple[str, str]) -> dict[str, str]:
    """The project with one text replaced in each named file: `dockerfile=(old, new)`."""
    files = dict(FILES)
    for name, (old, new) in changes.items():
        path = PATHS[name]
        if old not in files[path]:
            raise ValueError(f"{path} does not hold {old!r}")
        files[path] = files[path].replace(old, new)
    return files
