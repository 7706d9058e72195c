#!/usr/bin/env bash
# Makes sure the Debian or Ubuntu packages for one purpose are installed.
#   deploy/system-packages.sh run    what rendering the PDF needs
#   deploy/system-packages.sh test   that, and the real servers and readers the tests start
# As root it installs what is missing; otherwise it names it and stops.
set -euo pipefail

purpose=${1:?run or test}
packages=(python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-core)
if [ "$purpose" = test ]; then
  packages+=(git openssl poppler-utils postgresql)
fi

if ! command -v dpkg-query >/dev/null; then
  echo "No dpkg here: install the equivalents of: ${packages[*]}" >&2
  exit 0
fi

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

missing=()
for package in "${packages[@]}"; do
  installed "$package" || missing+=("$package")
done
if [ "$purpose" = test ]; then
  # pgaudit is packaged per major version of the server.
  server=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -n | tail -1 || true)
  [ -n "$server" ] && ! installed "postgresql-$server-pgaudit" && missing+=("postgresql-$server-pgaudit")
fi
# A Python that brings its own venv module needs no package for it.
if python3 -c 'import ensurepip' 2>/dev/null; then
  missing=("${missing[@]/#python3-venv/}")
fi
todo=()
for package in "${missing[@]}"; do [ -n "$package" ] && todo+=("$package"); done
if [ ${#todo[@]} -eq 0 ]; then
  if [ "$purpose" = test ] && [ -z "${server:-}" ]; then exec "$0" test; fi
  exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
  echo "These packages are missing; install them and try again:" >&2
  echo "  sudo apt-get install -y --no-install-recommends ${todo[*]}" >&2
  exit 1
fi
echo "Installing ${todo[*]}"
# The tests start their own servers on free ports: the packages' services must not start.
policy=/usr/sbin/policy-rc.d
made=
if [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod 755 "$policy"; made=1; fi
trap '[ -z "$made" ] || rm -f "$policy"' EXIT
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${todo[@]}" >/dev/null
[ -z "$made" ] || rm -f "$policy"
trap - EXIT
exec "$0" "$purpose"
