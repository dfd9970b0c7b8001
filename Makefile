# Targets for contributors; run `make` to list them.
# Options: PYTHON=python3.12 sets the interpreter, VENV=/some/where the virtual environment, DIST=/some/where the folder
# for the list of "make sbom", DOCUMENTS=1000 how many "make fuzz" tries.

PYTHON ?= python3
VENV ?= .venv
DIST ?= dist
DOCUMENTS ?= 100000
python = $(VENV)/bin/python
install = $(python) -m pip install --quiet --disable-pip-version-check
pin = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.PHONY: help site serve quick test lint programs messages golden docs screenshot gallery bench fuzz pins sbom clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*  ## /\1	/p' Makefile | expand -t 14

site: $(VENV)/.installed  ## build this repository's incidents into site/
	@$(VENV)/bin/lagebild build
	@echo 'The site is in site/: open site/index.html, or run "make serve" and follow its address.'

serve: $(VENV)/.installed  ## preview the site, and follow every change to the content
	@$(VENV)/bin/lagebild serve

quick: lint  ## run in a minute what needs no browser and no server, and try the laws on few examples
	@$(python) -m pytest --numprocesses auto --dist worksteal -m 'not slow' \
	    $(addprefix --ignore=tests/,bench browser generator/cli generator/formats/html/poster generator/formats/test_hostile.py \
	        hosting judges probes/kinds templates)

test: $(VENV)/.installed-test programs lint  ## run every check and every test
	@HYPOTHESIS_PROFILE=thorough $(python) -m pytest --numprocesses auto --dist loadfile

lint: $(VENV)/.installed-test  ## check style, types and imports between modules
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

programs:
	@.ci/debian chromium:chromium :fonts-liberation promtool:prometheus newsboat:newsboat khal:khal jq:jq w3m:w3m \
	    lynx:lynx nginx:nginx-light :libnginx-mod-http-brotli-static caddy:caddy apache2:apache2-bin rclone:rclone \
	    dovecot:dovecot-core :dovecot-imapd :dovecot-pop3d :dovecot-lmtpd postfix:postfix knotd:knot unbound:unbound \
	    prometheus-alertmanager:prometheus-alertmanager prometheus-blackbox-exporter:prometheus-blackbox-exporter \
	    systemd-analyze:systemd /usr/lib/nagios/plugins/check_dummy:monitoring-plugins-basic

messages: $(VENV)/.installed-test  ## update the catalogs in locales/
	@$(python) locales/messages.py update

golden: $(VENV)/.installed-test  ## accept the current golden site, pictures and keyboard order
	@GOLDEN=accept $(python) -m pytest --quiet tests/golden tests/browser/test_keyboard.py tests/browser/test_pictures.py

docs: $(VENV)/.installed-test  ## update docs/reference from the code
	@$(python) docs/generate.py

screenshot: $(VENV)/.installed-test programs  ## update the README's pictures
	@$(python) docs/screenshot.py

gallery: $(VENV)/.installed-test  ## show every component in every language, light, dark and right to left
	@$(python) docs/gallery.py

bench: $(VENV)/.installed-test  ## measure speed and weight
	@$(python) -m bench

fuzz: $(VENV)/.installed-test  ## try 100,000 broken documents, guided by coverage where atheris installs
	@$(install) --only-binary :all: --require-hashes --requirement pins/fuzz.txt --target dist/atheris --upgrade || true
	@PYTHONPATH=dist/atheris $(python) -m tests.fuzz.test_documents $(DOCUMENTS)

pins: $(VENV)/.installed-test  ## renew the versions and hashes of every dependency in pins/
	@$(pin) --upgrade --all-extras --group build --output-file pins/test.txt pyproject.toml
	@$(pin) --upgrade --group build --constraint pins/test.txt --output-file pins/build.txt
	@$(pin) --upgrade --group fuzz --output-file pins/fuzz.txt
	@$(pin) --upgrade --extra pictures --extra precompress --constraint pins/test.txt --output-file pins/site.txt pyproject.toml

sbom: $(VENV)/.installed-test  ## list what "make site" installs in dist/sbom.cdx.json (CycloneDX)
	@$(MAKE) --no-print-directory VENV='$(DIST)/venv' '$(DIST)/venv/.installed'
	@$(VENV)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	    --output-file '$(DIST)/sbom.cdx.json' '$(DIST)/venv/bin/python'

clean:  ## remove build results and caches, but not the virtual environment
	rm -rf .lagebild dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find site -mindepth 1 ! -name .gitignore -delete

$(VENV)/.installed: pyproject.toml pins/build.txt pins/site.txt
	@PYTHON='$(PYTHON)' .ci/venv '$(VENV)'
	@echo 'Installing into $(VENV) ...'
	@$(install) --require-hashes --requirement pins/build.txt
	@$(install) --require-hashes --no-build-isolation --requirement pins/site.txt
	@$(install) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed pins/test.txt
	@echo 'Installing what the tests need ...'
	@$(install) --require-hashes --no-build-isolation --requirement pins/test.txt
	@touch $@
