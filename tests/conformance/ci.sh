#!/usr/bin/env bash
# The part of the comparison that belongs into every change's checks: the tests, every transition of the
# small scenarios on every release, and random runs. Needs Node 20 with npm and a built model checker
# (`cargo build --release`).
set -euo pipefail
cd "$(dirname "$0")"

readonly RUNS=25
readonly WALKED_SCENARIOS=(
  own-refresh failures expiry clear legacy-rollout rollout-format three-tabs orphan
  open-r1s1 close-r1s1 touch-t1r1s1 touch-t1g1a2 org-w2r1 org-w1b1g1 out-o1t1 out-o1open drop-r1s1
  focus-f1s1 poll-p2a2 legacy-needs-oiat legacy-empty lost-t1s1 null-r1s1g1 unauth-r1s1 unauth-o1s1
)

runs=$(mktemp)
trap 'rm -f "$runs"' EXIT

step() { printf '\n-- %s\n' "$*"; "$@"; }

# Without Chromium the browser's test is skipped in words, so a machine that cannot have it still checks the rest.
provide_chromium() {
  local browser=${CHROMIUM:-/usr/bin/chromium}
  [[ ! -x $browser ]] || return 0
  if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
    echo "no Chromium at $browser, and installing it takes apt-get and root: the browser replay will be skipped"
    return 0
  fi
  if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends chromium; then
    return 0
  fi
  echo "apt-get could not install Chromium: the browser replay will be skipped"
}

walk_everything() {
  local releases version scenario
  releases=$(node --input-type=module -e 'import { installedVersions } from "./bundle.mjs"; console.log(...installedVersions())')
  for version in $releases; do
    for scenario in "${WALKED_SCENARIOS[@]}"; do
      node walk.mjs --version "$version" --scenario "$scenario" --runs "$RUNS" --out "$runs"
    done
  done
}

step npm ci --no-audit --no-fund
step provide_chromium
step node --test
step node run.mjs
step walk_everything
