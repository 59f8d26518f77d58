# make demo      lakes of a national park as GeoJSON, and a picture of them
# make test      formatting, lint, types and every test; of the plugin too, which needs QGIS
# make package   dist/waterseg.zip, the plugin for QGIS with its engine in it
# All make the environment .venv first; what needs QGIS makes .venv-qgis too.
.PHONY: demo test test-core test-plugin test-desktop lint lint-plugin package
bin := .venv/bin
qgis := .venv-qgis/bin
ready := .venv/.ready
qgis-ready := .venv-qgis/.ready

demo: $(ready)
	$(bin)/waterseg demo demo

test: lint lint-plugin test-core test-plugin test-desktop

test-core: $(ready)
	OMP_NUM_THREADS=1 $(bin)/python -m pytest -n 2 --ignore tests/desktop

# A crash of QGIS takes pytest with it, so nothing may wait for ever.
test-plugin: $(ready) $(qgis-ready)
	cd tests/plugin && QT_QPA_PLATFORM=offscreen timeout 2400 ../../$(qgis)/python -m pytest

# Alone and one after another: a mouse on a crowded screen tests the crowd.
test-desktop: $(ready) $(qgis-ready)
	$(bin)/python -m pytest tests/desktop

package: $(ready)
	$(bin)/python scripts/package

lint: $(ready)
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy

# As QGIS's plugin site looks at it.
lint-plugin: $(qgis-ready)
	$(qgis)/flake8 --max-line-length 100 --extend-ignore E203,W503 qgis_plugin
	$(qgis)/bandit --quiet --recursive qgis_plugin
	git ls-files qgis_plugin metadata.txt | xargs $(qgis)/detect-secrets-hook

$(ready): pyproject.toml metadata.txt scripts/environment
	scripts/environment .venv
	touch $@

$(qgis-ready): scripts/plugin_environment
	scripts/plugin_environment .venv-qgis
	touch $@
