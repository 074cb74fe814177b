# The commands of the project. Each does everything it needs on a machine with only Python 3.11 and make.
PYTHON ?= python3
KITWRIGHT = $(PYTHON) -m config.bootstrap

run:    ; @$(KITWRIGHT) run --with-parent
test:   ; @$(KITWRIGHT) test --with-parent $(ARGS)
check:  ; @$(KITWRIGHT) check
lock:   ; @$(KITWRIGHT) lock

.PHONY: run test check lock
