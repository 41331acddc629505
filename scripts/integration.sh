#!/bin/sh
# Run the tests of tui/textual_sentry with the oldest and the newest Textual and sentry-sdk that it is made for, each
# pair in a throw-away environment of its own.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0
for pair in 8.0.0:2.20.0 8.0.0:2.75.0 8.2.8:2.20.0 8.2.8:2.75.0; do
	textual=${pair%:*} sdk=${pair#*:}
	"$python" -m venv "$folder/$textual-$sdk"
	"$folder/$textual-$sdk/bin/python" -m pip install --quiet --disable-pip-version-check \
		"textual==$textual" "sentry-sdk==$sdk" pytest pytest-asyncio
	echo "textual $textual, sentry-sdk $sdk:"
	"$folder/$textual-$sdk/bin/python" -m pytest -q --noconftest -p no:cacheprovider -o asyncio_mode=auto -o addopts= \
		-o filterwarnings= --import-mode=importlib tui/textual_sentry/tests || status=1
done
exit $status
