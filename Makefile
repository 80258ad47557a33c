# libdlt-ng: build, install.
#
#   make demo                         a program logs while its daemon is killed and comes back
#   make lib                          build/lib/libdlt.so.2.18.8 and its links
#   make static                       build/lib/libdlt.a
#   make collect                      build/bin/dlt-collect
#   make install PREFIX=/usr/local    libraries, dlt-collect, headers, pkg-config and CMake files
#   make uninstall                    takes away what that has installed

CARGO   ?= cargo
INSTALL ?= install
SED     ?= sed

PREFIX     ?= /usr/local
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
BINDIR     ?= $(PREFIX)/bin
DESTDIR    ?=

# Where cargo builds; its own variable may name another place.
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
BUILD_LIB  := build/lib
BUILD_BIN  := build/bin

# What a consumer checks is the version of the interface, not of the crate.
ABI_VERSION := 2.18.8
SONAME      := libdlt.so.2
SHARED      := libdlt.so.$(ABI_VERSION)

# What has not changed is left alone: programs may be running on it.
PUT  = cmp -s $(2) $(3) || $(INSTALL) -m $(1) $(2) $(3)
LINK = [ "$$(readlink $(2))" = $(1) ] || ln -sf $(1) $(2)

# Steps come one after another, with -j too: cargo works in parallel by itself, and tests want what
# is before them.
.NOTPARALLEL:

.PHONY: all
all: lib static collect

# One crate type at a time: with several, cargo leaves out link-time optimisation.
.PHONY: lib
lib:
	$(CARGO) rustc --release --locked --features reserve --lib --crate-type cdylib
	$(INSTALL) -d $(BUILD_LIB)
	$(call PUT,644,$(TARGET_DIR)/release/libdlt.so,$(BUILD_LIB)/$(SHARED))
	$(call LINK,$(SHARED),$(BUILD_LIB)/$(SONAME))
	$(call LINK,$(SONAME),$(BUILD_LIB)/libdlt.so)

.PHONY: static
static:
	$(CARGO) rustc --release --locked --features reserve --lib --crate-type staticlib
	$(INSTALL) -d $(BUILD_LIB)
	$(call PUT,644,$(TARGET_DIR)/release/libdlt.a,$(BUILD_LIB)/libdlt.a)

# Apart from the library, which cargo would otherwise build with all its crate types at once.
.PHONY: collect
collect:
	CARGO_TARGET_DIR="$(TARGET_DIR)/collect" $(CARGO) build --release --locked --no-default-features \
	    --bin dlt-collect
	$(INSTALL) -d $(BUILD_BIN)
	$(call PUT,755,$(TARGET_DIR)/collect/release/dlt-collect,$(BUILD_BIN)/dlt-collect)

# ------------------------------------------------------------------------------- a demonstration

.PHONY: demo
demo:
	@ci/install-debian-packages demo
	@$(MAKE) -s lib collect
	@ci/demo

# ------------------------------------------------------------------------------- installing
#
# install-files is install without the build, so that `make && sudo make install-files` needs no
# cargo as root. Both take DESTDIR; uninstall wants the same directories.

HEADERS   := $(notdir $(wildcard include/dlt/*.h include/dlt/*.hpp))
LIBRARIES := $(SHARED) $(SONAME) libdlt.so libdlt.a
PC_DIR    := $(LIBDIR)/pkgconfig
CMAKE_DIR := $(LIBDIR)/cmake/automotive-dlt

# Below PREFIX directories are named by it, so that pkg-config can be told of another prefix.
BY_PREFIX = $(patsubst $(PREFIX)/%,$${prefix}/%,$(1))
# From the CMake package's own place, so that an installed tree can be moved.
FROM_CMAKE_DIR = $(shell realpath -ms --relative-to='$(CMAKE_DIR)' '$(1)')
FILL_IN = $(SED) -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@VERSION@|$(ABI_VERSION)|g' \
    -e 's|@LIBDIR@|$(call BY_PREFIX,$(LIBDIR))|g' \
    -e 's|@INCLUDEDIR@|$(call BY_PREFIX,$(INCLUDEDIR))|g' \
    -e 's|@TO_INCLUDEDIR@|$(call FROM_CMAKE_DIR,$(INCLUDEDIR))|g' \
    -e 's|@SHARED@|$(SHARED)|g' -e 's|@SONAME@|$(SONAME)|g'

.PHONY: install
install: all install-files

.PHONY: install-files
install-files:
	$(INSTALL) -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(INCLUDEDIR)/dlt' '$(DESTDIR)$(PC_DIR)' \
	    '$(DESTDIR)$(CMAKE_DIR)'
	$(INSTALL) -m 755 $(BUILD_BIN)/dlt-collect '$(DESTDIR)$(BINDIR)/dlt-collect'
	$(INSTALL) -m 644 $(BUILD_LIB)/$(SHARED) $(BUILD_LIB)/libdlt.a '$(DESTDIR)$(LIBDIR)'
	ln -sf $(SHARED) '$(DESTDIR)$(LIBDIR)/$(SONAME)'
	ln -sf $(SONAME) '$(DESTDIR)$(LIBDIR)/libdlt.so'
	$(INSTALL) -m 644 $(addprefix include/dlt/,$(HEADERS)) '$(DESTDIR)$(INCLUDEDIR)/dlt'
	for file in automotive-dlt.pc automotive-dlt-c++.pc; do \
	    $(FILL_IN) pkgconfig/$$file.in >'$(DESTDIR)$(PC_DIR)'/$$file || exit 1; \
	done
	for file in automotive-dlt-config.cmake automotive-dlt-config-version.cmake; do \
	    $(FILL_IN) cmake/$$file.in >'$(DESTDIR)$(CMAKE_DIR)'/$$file || exit 1; \
	done

# Takes away the files by their names, and directories that are empty then: the two that nobody else
# uses, and below a prefix of one's own the others. Those of /usr and /usr/local stay.
.PHONY: uninstall
uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/dlt-collect' \
	    $(foreach file,$(LIBRARIES),'$(DESTDIR)$(LIBDIR)/$(file)') \
	    $(foreach file,$(HEADERS),'$(DESTDIR)$(INCLUDEDIR)/dlt/$(file)') \
	    '$(DESTDIR)$(PC_DIR)/automotive-dlt.pc' '$(DESTDIR)$(PC_DIR)/automotive-dlt-c++.pc' \
	    '$(DESTDIR)$(CMAKE_DIR)/automotive-dlt-config.cmake' \
	    '$(DESTDIR)$(CMAKE_DIR)/automotive-dlt-config-version.cmake'
	remove() { [ ! -d "$$1" ] || rmdir --ignore-fail-on-non-empty "$$1"; }; \
	remove '$(DESTDIR)$(INCLUDEDIR)/dlt'; remove '$(DESTDIR)$(CMAKE_DIR)'; \
	case '$(DESTDIR)$(PREFIX)' in /usr|/usr/local) exit 0;; esac; \
	for directory in '$(BINDIR)' '$(PC_DIR)' '$(LIBDIR)/cmake' '$(LIBDIR)' '$(INCLUDEDIR)' \
	    '$(PREFIX)'; do \
	    remove '$(DESTDIR)'"$$directory"; \
	done

# ------------------------------------------------------------------------------- tests
#
#   make test              everything: Debian's packages for it, the library, Rust and C tests
#   make lint              rustfmt and clippy, without a warning
#   make test-rust         cargo test alone (TEST_THREADS at a time: most tests wait for others)
#   make test-c            the C programs of c-tests, through CMake and ctest
#   make examples          the server programs of examples-c, built on the installed library, and
#                          their tests
#   make test-loom         the ring, the bell and the inbox under loom: every interleaving
#   make test-long         what is left to chance, at length: thousands of stopped threads, ten
#                          million messages; the library with ThreadSanitizer, AddressSanitizer,
#                          valgrind's memcheck and helgrind; the rooms that own memory under Miri;
#                          the server programs with both sanitizers; the build for aarch64. Wants
#                          a nightly Rust, and most of an hour
#   make fuzz              ten million inputs (RUNS) for each target of fuzz/: wants a nightly Rust
#                          and cargo-fuzz, and most of an hour; SANITIZER=address watches memory
#   make test-oldest-rust  builds the library with the oldest Rust that Cargo.toml names
#   make test-reference    the behaviour tests on Debian's library, where our claims have to fail
#   make facts             what Debian's library and this one do under each fault, side by side

TEST_THREADS ?= 8
DEBIAN_LIBDIR ?= /usr/lib/x86_64-linux-gnu

.PHONY: test
test: packages lint all test-c examples test-rust test-loom

.PHONY: lint
lint:
	ci/lint

.PHONY: packages
packages:
	ci/install-debian-packages

.PHONY: test-rust
test-rust: lib
	$(CARGO) test --locked -- --test-threads=$(TEST_THREADS)

.PHONY: test-c
test-c: lib
	cmake -S . -B build/ctest
	cmake --build build/ctest
	ctest --test-dir build/ctest --output-on-failure

.PHONY: examples
examples: all
	ci/examples

# loom's crates are built apart, as everything is when cfg changes. The models need no link-time
# optimisation.
.PHONY: test-loom
test-loom:
	CARGO_TARGET_DIR="$(TARGET_DIR)/loom" CARGO_PROFILE_RELEASE_LTO=off RUSTFLAGS="--cfg loom" \
	    $(CARGO) test --release --locked --lib loom_tests

.PHONY: test-long
test-long: lib
	DLT_TEST_LONG=1 $(CARGO) test --locked --test behaviour -- --test-threads=2 \
	    frozen:: reentrant:: losses:: life:: memory:: indexing:: faults:: lives:: hostile::
	ci/sanitize thread
	ci/sanitize address
	ci/check-with-valgrind
	ci/miri
	$(MAKE) static collect
	DLT_TEST_LONG=1 ci/examples thread
	DLT_TEST_LONG=1 ci/examples address
	ci/check-aarch64

SECONDS ?= 3600
SEED    ?=
ROUND   ?=

.PHONY: soak
soak: lib
	DLT_SOAK_SECONDS=$(SECONDS) $(if $(SEED),DLT_TEST_SEED=$(SEED)) \
	    $(if $(ROUND),DLT_SOAK_ROUND=$(ROUND)) \
	    $(CARGO) test --locked --test behaviour -- --ignored --nocapture --exact \
	    soak::random_faults_for_an_hour_leave_no_message_unaccounted_for

.PHONY: fuzz
fuzz:
	ci/fuzz

.PHONY: test-oldest-rust
test-oldest-rust:
	ci/build-with-oldest-rust

.PHONY: test-reference
test-reference:
	DLT_NG_LIBDIR=$(DEBIAN_LIBDIR) $(CARGO) test --locked --test behaviour -- --test-threads=$(TEST_THREADS)

# On Debian's library a test may fail: what it has measured before that is still a fact.
FACTS ?= faults:: endings:: lives:: scarcity:: hostile:: callbacks::

.PHONY: facts
facts: lib
	ci/print-facts '$(DEBIAN_LIBDIR)' $(FACTS)

# ------------------------------------------------------------------------------- benches
#
#   make bench             all of it, then a page and plots in build/bench (ten minutes, on a
#                          machine that does nothing else); QUICK=1 for a smoke run, RUNS=9 for more
#   make bench-process     criterion: encode, ring and whole call, beside a bounded channel
#   make bench-compare     the C bench on Debian's library and on ours in turn
#   make bench-loggers     spdlog, and quill where QUILL_INCLUDE points to its headers
#   make bench-count       instructions of a call, by callgrind
#   make bench-draw        the page and the plots of what was found
#   make bench-publish     ... and into docs/bench

RUNS ?= 5
BENCH_FLAGS := $(if $(QUICK),--quick)

.PHONY: bench
bench: bench-packages
	$(MAKE) bench-process
	$(MAKE) bench-compare
	$(MAKE) bench-loggers
	$(MAKE) bench-count
	$(MAKE) bench-draw

.PHONY: bench-packages
bench-packages:
	ci/install-debian-packages bench

.PHONY: bench-process
bench-process:
	ci/bench-in-process $(BENCH_FLAGS)

.PHONY: bench-compare
bench-compare: lib
	ci/compare-with-debian --runs $(RUNS) $(BENCH_FLAGS)

.PHONY: bench-loggers
bench-loggers: lib
	ci/compare-with-loggers --runs $(RUNS) $(BENCH_FLAGS)

.PHONY: bench-count
bench-count: lib
	ci/count-instructions

.PHONY: bench-draw
bench-draw:
	ci/draw-bench

.PHONY: bench-publish
bench-publish:
	ci/draw-bench --publish
