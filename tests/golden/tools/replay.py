#!/usr/bin/env python3
"""Replays capture cases on a library and holds the result against the reference, rule by rule.

usage: replay.py --bin CASES --lib DIR [--ipc fifo|unix] --work DIR [--no-rules] [case ...]
       replay.py --bin DIFFERENTIAL --lib DIR --against DIR --work DIR [case ...]

The reference is the folder of captures beside this file, or with --against a second library on which
the same cases are run now. Its documents go through rules.py; what is left has to be equal: frames
(masked, in order), return values, callbacks, message counters, exit code, clean framing.
Prints one line per case, the rules that applied, and what differs. Exit status 1 if anything does.
With --no-rules the candidate is expected to be the reference itself.
"""
import argparse
import concurrent.futures
import contextlib
import copy
import difflib
import io
import json
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import capture
import rules

GOLDEN = os.path.dirname(HERE)
# Cases of c-tests/differential.c and what they need.
DIFFERENTIAL = ['wrong', 'life', 'contexts', 'callbacks', 'tracing', 'limit', 'flood', 'file_default']
capture.ENV['flood'] = capture.ENV['overflow']
capture.LATE.add('flood')
ANSWERS_AFTER = 0.15


class Daemon(capture.Daemon):
    """Answers a little later, so that what a program does right after registering comes before it.

    The reference looks for answers every 500 ms; libdlt-ng at once. A case must not depend on that.
    """

    def __init__(self, *arguments, **keywords):
        self.held = []
        super().__init__(*arguments, **keywords)

    def send(self, data, dst=None):
        if data[:4] == b'DUH\x01' and data[4] == 6 and len(data) == 14 and self.in_parse:
            self.held.append((time.monotonic() + ANSWERS_AFTER, data))
            return
        try:
            super().send(data, dst)
        except BrokenPipeError:
            self.event('the program was already gone')

    in_parse = False

    def parse(self):
        self.in_parse = True
        try:
            super().parse()
        finally:
            self.in_parse = False

    def poll(self, timeout):
        super().poll(timeout)
        while self.held and self.held[0][0] <= time.monotonic():
            self.send(self.held.pop(0)[1])


capture.Daemon = Daemon


def run_all(cases, options, library, out):
    """Runs cases side by side: most of their time they sleep."""
    arguments = argparse.Namespace(bin=os.path.abspath(options.bin), lib=library, ipc=options.ipc,
                                   socket_dir=None, out=out, work=out + '.work', label='',
                                   suffix='', env=['LC_ALL=C'] + options.env, timeout=120)
    os.makedirs(out, exist_ok=True)

    def one(case):
        if case.startswith('file'):
            run_file(case, arguments)
        else:
            capture.run(case, arguments)

    noise = io.StringIO()
    with contextlib.redirect_stdout(noise), \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for done in [pool.submit(one, case) for case in cases]:
            done.result()


def run_file(case, arguments):
    control = f'{arguments.work}/{case}'
    os.makedirs(control, exist_ok=True)
    path = control + '/out.dlt'
    if os.path.exists(path):
        os.unlink(path)
    environment = dict(os.environ, DLT_PIPE_DIR=control, LD_LIBRARY_PATH=arguments.lib)
    program = subprocess.run([arguments.bin, case, control, path], env=environment,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
    os.makedirs(f'{arguments.out}/{case}', exist_ok=True)
    for source, target in (path, 'out.dlt'), (control + '/calls', 'calls.txt'):
        with open(source, 'rb') as a, open(f'{arguments.out}/{case}/{target}', 'wb') as b:
            b.write(a.read())
    with open(f'{arguments.out}/{case}/exit', 'w') as f:
        f.write(str(program.returncode))


def load(folder, case, is_golden=False):
    if not case.startswith('file'):
        sub = '/fifo-2.18.8' if is_golden else ''
        with open(f'{folder}{sub}/{case}.json') as f:
            return json.load(f)
    with open(f'{folder}/{case}/out.dlt', 'rb') as f:
        data = f.read()
    shown, at, garbage = [], 0, ''
    while at < len(data):
        if data[at:at + 4] != b'DLT\x01' or data[at + 12:at + 16] != b'ECU1':
            garbage = data[at:].hex()
            break
        end = at + 16 + int.from_bytes(data[at + 18:at + 20], 'big')
        raw = capture.hdr(1) + data[at + 16:end]
        masked, fields = capture.mask(raw)
        shown.append(dict(t=0, type=1, name='LOG', size=len(raw), hex=raw.hex(), masked=masked, fields=fields))
        at = end
    calls = []
    with open(f'{folder}/{case}/calls.txt', encoding='latin1') as f:
        for line in f:
            part = line.rstrip('\n').split('\t')
            if part[0] == 'CALL':
                calls.append(dict(call=part[1], ret=int(part[2])))
            else:
                calls.append(dict(note=part[1:]))
    exit_code = 0
    if os.path.exists(f'{folder}/{case}/exit'):
        with open(f'{folder}/{case}/exit') as f:
            exit_code = int(f.read())
    return dict(case=case, pid=0, calls=calls, frames=shown, garbage=garbage, trailing='',
                exit_code=exit_code)


def story(doc):
    """What has to be equal, as lines."""
    lines = ['# frames']
    for frame in rules.frames(doc):
        counter = f" counter {frame['fields']['mcnt']}" if frame['type'] == 1 else ''
        lines.append(f"{frame['name']}{counter} {frame['masked']}")
    lines.append('# calls')
    lines += [f"{c['call']} = {c['ret']}" for c in rules.calls(doc)]
    lines.append('# callbacks')
    lines += [' '.join(c['other']) for c in doc['calls'] if 'other' in c]
    lines.append(f"# exit code {doc['exit_code']}, garbage [{doc['garbage'][:80]}], trailing [{doc['trailing'][:80]}]")
    return lines


def shortened(line):
    return line if len(line) < 240 else f'{line[:150]} .. {line[-80:]} ({len(line)})'


def comparable(doc):
    """Clears what the reference itself makes different from run to run."""
    if doc['case'] == 'bigbuf':
        doc['frames'] = [f for f in doc['frames'] if 'type' in f][:4]
        doc['garbage'] = doc['trailing'] = ''
    return doc


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--bin', required=True, help='driver program')
    parser.add_argument('--lib', required=True, help='directory with the libdlt.so.2 under test')
    parser.add_argument('--against', help='directory with the libdlt.so.2 to compare with (default: the captures)')
    parser.add_argument('--ipc', choices=('fifo', 'unix'), default='fifo')
    parser.add_argument('--work', required=True, help='folder for what is captured now')
    parser.add_argument('--env', action='append', default=[], metavar='NAME=VALUE')
    parser.add_argument('--jobs', type=int, default=8)
    parser.add_argument('--no-rules', action='store_true', help='the candidate is the reference itself')
    parser.add_argument('cases', nargs='*')
    options = parser.parse_args()
    cases = options.cases or (DIFFERENTIAL if options.against else capture.ALL + ['file'])
    candidate_at = os.path.abspath(f'{options.work}/candidate-{options.ipc}')
    run_all(cases, options, os.path.abspath(options.lib), candidate_at)
    reference_at = GOLDEN
    if options.against:
        reference_at = os.path.abspath(f'{options.work}/reference-{options.ipc}')
        run_all(cases, options, os.path.abspath(options.against), reference_at)
    different = 0
    for case in cases:
        expected = load(reference_at, case, is_golden=not options.against)
        found = load(candidate_at, case)
        applied = []
        if options.no_rules:
            expected, found = comparable(expected), comparable(found)
        else:
            applied = rules.apply(expected, is_reference=True)
            rules.apply(found, is_reference=False)
        left, right = story(expected), story(found)
        equal = left == right
        different += not equal
        print(f"{'ok  ' if equal else 'DIFF'} {case:<14} {len(rules.frames(found))} frames"
              f"{', rules: ' + ', '.join(applied) if applied else ''}")
        if not equal:
            diff = difflib.unified_diff(left, right, 'expected', 'found', lineterm='', n=1)
            for line in list(diff)[:40]:
                print('     ' + shortened(line))
    print(f'{len(cases)} cases, {different} different')
    return 1 if different else 0


if __name__ == '__main__':
    sys.exit(main())
