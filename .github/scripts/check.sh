#!/usr/bin/env bash
# The checking step of action.yml: one run, annotations on the output, all other forms of the report in files, what
# the run came to in the step's outputs. It never fails itself: the last step of the action does, after the uploads.
set -uo pipefail

reports=$(mktemp -d "${RUNNER_TEMP:-/tmp}/fr-check.XXXXXX")
read -r -a more <<< "$ARGUMENTS"

status=0
"$ACTION/.venv/bin/fr-check" "$COMMAND" --root "$ROOT" --format github \
  --output-file "json=$reports/report.json" \
  --output-file "markdown=$reports/report.md" \
  --output-file "sarif=$reports/report.sarif" \
  ${more[@]+"${more[@]}"} || status=$?

count() {
  "$ACTION/.venv/bin/python" -I -c '
import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
print(sum(sys.argv[2] in ("unknowns", item.get("severity")) for item in report[sys.argv[3]]))' \
    "$reports/report.json" "$@"
}

{
  echo "status=$status"
  if [ -f "$reports/report.json" ]; then
    echo "errors=$(count error findings)"
    echo "warnings=$(count warning findings)"
    echo "unknowns=$(count unknowns unknowns)"
    echo "json=$reports/report.json"
    echo "markdown=$reports/report.md"
    echo "sarif=$reports/report.sarif"
  fi
} >> "$GITHUB_OUTPUT"
