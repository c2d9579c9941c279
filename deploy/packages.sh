#!/bin/sh
# Makes sure of what comes from the operating system and not from Python: a Chinese font, and Chromium for browser tests.
# Usage: deploy/packages.sh font | browser. Installs with apt-get where that is possible, else names the packages.
set -eu

has_font() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]; }
has_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

missing=""
has_font || missing="fontconfig fonts-noto-cjk"
if [ "${1:-font}" = browser ]; then
  has_browser || missing="$missing chromium"
fi
[ -n "$missing" ] || exit 0

if [ "${1:-font}" = font ]; then # a page still opens without it, on machines that have the font in the browser
  echo "hint: no Chinese font here; a browser on this machine wants the package fonts-noto-cjk" >&2
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing system packages: $missing" >&2
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086  # a list of words
  if { apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing; } >/dev/null; then
    exit 0
  fi
fi
echo "needed for browser tests, and not installed:" $missing >&2
echo "install these system packages (Debian and Ubuntu: as root, apt-get install" $missing") and try again" >&2
exit 1
