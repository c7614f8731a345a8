# Everything is done with `make`. `make` alone lists what there is.
.DEFAULT_GOAL := help
BIN := .venv/bin
BOOTSTRAP := deploy/local/bootstrap.sh

.PHONY: help up down reset status doctor test test-unit test-hard test-fresh lint bench bench-bookings bench-statistics bench-strangers bench-solomon bench-day \
	evaluate-detection report-pictures load-day load-burst load-soak load-steps load-scale lock format

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## Install what is missing, start a hall on this machine, print its pages
	@$(BOOTSTRAP)
	@$(BIN)/hall up

down: ## Stop every process of the hall; the data stay
	@if [ -x $(BIN)/hall ]; then $(BIN)/hall down; else echo "Nothing was started here."; fi

reset: ## Stop the hall and delete its data
	@if [ -x $(BIN)/hall ]; then $(BIN)/hall reset; else echo "Nothing was started here."; fi

status: ## Show the hall's processes
	@if [ -x $(BIN)/hall ]; then $(BIN)/hall status; else echo "Nothing was started here."; fi

doctor: ## Look for what is wrong, and say how to mend it
	@$(BOOTSTRAP)
	@$(BIN)/hall doctor

test: ## Run all tests; ARGS="-k calling" goes to pytest
	@$(BOOTSTRAP) tests
	@$(BIN)/python -m pytest -q -n 3 $(ARGS)

test-unit: ## Run the tests that need no server, in seconds
	@$(BOOTSTRAP) tests
	@$(BIN)/python -m pytest -q -n 2 tests/unit $(ARGS)

test-hard: ## Run all tests three times, each in another order, on a machine that is kept busy
	@$(BOOTSTRAP) tests
	@$(BIN)/python -m tests.hard $(ARGS)

test-fresh: ## Run the commands of README on bare Debian 12 and 13 (as root); ARGS="--debian 13 --as user --only up"
	@$(BOOTSTRAP) fresh
	@$(BIN)/python -m tests.fresh $(ARGS)

lint: ## Check style, types, imports, the compose file, and what a bare machine would miss
	@$(BOOTSTRAP) tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/docker-compose --env-file deploy/demo.env config -q
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/python -m tests.fresh.short

format: ## Put the code into its form
	@$(BOOTSTRAP) tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: ## Measure the running hall beside PostgreSQL and plain Nameko (`make up` first)
	@$(BOOTSTRAP) tests
	@$(BIN)/hall measure bench $(ARGS)

bench-bookings: ## Measure bookings at 100 a second and a rush for 500 places (`make up` first)
	@$(BOOTSTRAP) tests
	@$(BIN)/hall measure bookings $(ARGS)

bench-statistics: ## Measure how fast statistics hears events and answers (`make up` first)
	@$(BOOTSTRAP) tests
	@$(BIN)/hall measure statistics $(ARGS)

bench-strangers: ## Let 40 strangers at once ask for each public path, and see what a kiosk waits (`make up` first)
	@$(BOOTSTRAP) tests
	@$(BIN)/hall measure strangers $(ARGS)

bench-solomon: ## Plan Solomon's instances in FOLDER=… and compare with the optimal distances
	@$(BOOTSTRAP) tests
	@$(BIN)/python -m loadtests.solomon --folder "$(FOLDER)" $(ARGS)

bench-day: ## Plan a day of 125 on-site orders with 12 crews
	@$(BOOTSTRAP) tests
	@$(BIN)/python -m loadtests.day $(ARGS)

evaluate-detection: ## Measure how well unusual movements are found in simulated halls (some 20 min)
	@$(BOOTSTRAP) tests
	@$(BIN)/python -m tests.evaluate_detection $(ARGS)

report-pictures: ## Make reports of an invented history and pictures of their pages in FOLDER
	@$(BOOTSTRAP) tests
	@$(BOOTSTRAP) pictures
	@$(BIN)/python -m deploy.local.report_pictures $(FOLDER)

load-day: ## Replay a whole day of the hall in one of its own, and audit it; ARGS="--speed 180"
	@$(BOOTSTRAP) tests
	@$(BIN)/hall measure day $(ARGS)

load-burst: ## 1,000 people in the first two minutes
	@$(BOOTSTRAP) tests
	@$(BIN)/hall measure burst $(ARGS)

load-soak: ## An hour at ten times the peak: memory, connections and queues stay flat
	@$(BOOTSTRAP) tests
	@$(BIN)/hall measure soak $(ARGS)

load-steps: ## Step up to the limit and print the knee
	@$(BOOTSTRAP) tests
	@$(BIN)/hall measure steps $(ARGS)

load-scale: ## The same load with one, two and four copies of a service
	@$(BOOTSTRAP) tests
	@$(BIN)/hall measure scale $(ARGS)

lock: ## Choose the newest versions of everything anew and write the lock files
	@deploy/local/lock.sh
