# libdlt-ng: build, install.
#
#   make lib                          build/lib/libdlt.so.2.18.8 and its links
#   make static                       build/lib/libdlt.a
#   make collect                      build/bin/dlt-collect
#   make install PREFIX=/usr/local    shared library, headers, pkg-config and CMake files
#   make install-static               the static library

CARGO   ?= cargo
INSTALL ?= install
SED     ?= sed

PREFIX     ?= /usr/local
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DESTDIR    ?=

# Where cargo builds; its own variable may name another place.
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
BUILD_LIB  := build/lib
BUILD_BIN  := build/bin

# What a consumer checks is the version of the interface, not of the crate.
ABI_VERSION := 2.18.8
SONAME      := libdlt.so.2
SHARED      := libdlt.so.$(ABI_VERSION)

.PHONY: all
all: lib static collect

# One crate type at a time: with several, cargo leaves out link-time optimisation.
.PHONY: lib
lib:
	$(CARGO) rustc --release --locked --lib --crate-type cdylib
	$(INSTALL) -d $(BUILD_LIB)
	$(INSTALL) -m 644 $(TARGET_DIR)/release/libdlt.so $(BUILD_LIB)/$(SHARED)
	ln -sf $(SHARED) $(BUILD_LIB)/$(SONAME)
	ln -sf $(SONAME) $(BUILD_LIB)/libdlt.so

.PHONY: static
static:
	$(CARGO) rustc --release --locked --lib --crate-type staticlib
	$(INSTALL) -d $(BUILD_LIB)
	$(INSTALL) -m 644 $(TARGET_DIR)/release/libdlt.a $(BUILD_LIB)/libdlt.a

# Apart from the library, which cargo would otherwise build with all its crate types at once.
.PHONY: collect
collect:
	CARGO_TARGET_DIR="$(TARGET_DIR)/collect" $(CARGO) build --release --locked --no-default-features \
	    --bin dlt-collect
	$(INSTALL) -d $(BUILD_BIN)
	$(INSTALL) -m 755 $(TARGET_DIR)/collect/release/dlt-collect $(BUILD_BIN)/dlt-collect

.PHONY: install
install: lib install-files

# Everything but the build, so that `make lib && sudo make install-files` needs no cargo as root.
.PHONY: install-files
install-files:
	$(INSTALL) -d $(DESTDIR)$(LIBDIR) $(DESTDIR)$(INCLUDEDIR)/dlt \
	    $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(LIBDIR)/cmake/automotive-dlt
	$(INSTALL) -m 644 $(BUILD_LIB)/$(SHARED) $(DESTDIR)$(LIBDIR)/$(SHARED)
	ln -sf $(SHARED) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libdlt.so
	$(INSTALL) -m 644 include/dlt/*.h include/dlt/*.hpp $(DESTDIR)$(INCLUDEDIR)/dlt
	$(SED) -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@LIBDIR@|$(LIBDIR)|g' \
	    -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|g' -e 's|@VERSION@|$(ABI_VERSION)|g' \
	    pkgconfig/automotive-dlt.pc.in > $(DESTDIR)$(LIBDIR)/pkgconfig/automotive-dlt.pc
	$(SED) -e 's|@LIBDIR@|$(LIBDIR)|g' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|g' \
	    -e 's|@SHARED@|$(SHARED)|g' -e 's|@SONAME@|$(SONAME)|g' cmake/automotive-dlt-config.cmake.in \
	    > $(DESTDIR)$(LIBDIR)/cmake/automotive-dlt/automotive-dlt-config.cmake
	$(SED) -e 's|@VERSION@|$(ABI_VERSION)|g' cmake/automotive-dlt-config-version.cmake.in \
	    > $(DESTDIR)$(LIBDIR)/cmake/automotive-dlt/automotive-dlt-config-version.cmake

.PHONY: install-static
install-static: static
	$(INSTALL) -d $(DESTDIR)$(LIBDIR)
	$(INSTALL) -m 644 $(BUILD_LIB)/libdlt.a $(DESTDIR)$(LIBDIR)/libdlt.a

# ------------------------------------------------------------------------------- tests
#
#   make test              everything: Debian's packages for it, the library, Rust and C tests
#   make test-rust         cargo test alone (TEST_THREADS at a time: most tests wait for others)
#   make test-c            the C programs of c-tests, through CMake and ctest
#   make test-loom         the ring, the bell and the inbox under loom: every interleaving
#   make test-long         what is left to chance, at length: thousands of stopped threads, ten
#                          million messages (a quarter of an hour)
#   make test-reference    the behaviour tests on Debian's library, where our claims have to fail

TEST_THREADS ?= 8
DEBIAN_LIBDIR ?= /usr/lib/x86_64-linux-gnu

.PHONY: test
test: packages lib test-c test-rust test-loom

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

# loom's crates are built apart, as everything is when cfg changes. The models need no link-time
# optimisation.
.PHONY: test-loom
test-loom:
	CARGO_TARGET_DIR="$(TARGET_DIR)/loom" CARGO_PROFILE_RELEASE_LTO=off RUSTFLAGS="--cfg loom" \
	    $(CARGO) test --release --locked --lib loom_tests

.PHONY: test-long
test-long: lib
	DLT_TEST_LONG=1 $(CARGO) test --locked --test behaviour -- --test-threads=2 \
	    frozen:: reentrant:: losses::

.PHONY: test-reference
test-reference:
	DLT_NG_LIBDIR=$(DEBIAN_LIBDIR) $(CARGO) test --locked --test behaviour -- --test-threads=$(TEST_THREADS)

# ------------------------------------------------------------------------------- benches
#
#   make bench             all of it, then a page and plots in build/bench (half an hour, on a
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
