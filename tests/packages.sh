# The Debian packages that Knockoff is built from and tested with. Sourced, not run.
# shellcheck shell=sh disable=SC2034 # its variables are for who reads it

build_packages='gcc libc6-dev cmake ninja-build pkg-config
  libjpeg-dev libpng-dev libvips-dev librsvg2-dev libpango1.0-dev libxml2-dev
  libsqlite3-dev libjansson-dev libcsv-dev libssl-dev
  libidn2-dev libcurl4-openssl-dev zlib1g-dev libbrotli-dev libmicrohttpd-dev'

test_packages='g++ libcmocka-dev jq curl'

# What statements are written in and checked with. WenQuanYi Micro Hei has Han, kana and Hangul
# in 5 MB, where Noto's fonts have them in 90.
test_packages="$test_packages fonts-dejavu-core fonts-wqy-microhei
  openssl poppler-utils qpdf"
# What dates are checked with; Python itself comes with libvips-dev.
test_packages="$test_packages python3-icalendar"
# The mail server that news are sent to.
test_packages="$test_packages python3-aiosmtpd"
# What metrics are read with, as a collector does.
test_packages="$test_packages python3-prometheus-client"
# What the page is looked at with. Node may be there from elsewhere; then it brought its own npm, beside
# which there is no place for Debian's.
while read -r command package; do
    command -v "$command" >/dev/null || test_packages="$test_packages $package"
done <<'END'
chromium chromium
node nodejs
npm npm
END

# Installs those of the packages named that are missing. On a system without dpkg it
# leaves them to the reader: the configure step names what it does not find.
install_missing() {
    command -v dpkg-query >/dev/null || return 0
    missing=
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
            missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "to be installed by root, there being no sudo: apt-get install$missing" >&2
            return 1
        }
        as_root=sudo
    fi
    echo "installing$missing"
    # shellcheck disable=SC2086 # one word a package
    $as_root apt-get -qq update &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq -y --no-install-recommends install $missing >/dev/null
}
