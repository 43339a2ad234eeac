#!/bin/sh
# Installs PgBouncer from Debian's or Ubuntu's own package, where that is possible.
set -eu
if ! command -v apt-get > /dev/null; then
	echo "no apt-get here"
	exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
	echo "apt-get needs root"
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 pgbouncer
