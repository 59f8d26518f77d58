# make demo   lakes of a national park as GeoJSON, and a picture of them
# make test   formatting, lint, types and every test
# Both make the environment .venv first.
.PHONY: demo test lint
bin := .venv/bin
ready := .venv/.ready

demo: $(ready)
	$(bin)/waterseg demo demo

test: lint
	OMP_NUM_THREADS=1 $(bin)/python -m pytest -n 2

lint: $(ready)
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy

$(ready): pyproject.toml metadata.txt scripts/environment
	scripts/environment .venv
	touch $@
