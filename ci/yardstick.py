"""What the benches share: compiling them, one run beside a sink, figures out of text, the machine."""
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = f'{ROOT}/build/bench'
DEBIAN = os.environ.get('DEBIAN_LIBDIR', '/usr/lib/x86_64-linux-gnu')
OURS = os.environ.get('DLT_NG_LIBDIR', f'{ROOT}/build/lib')
WATCHDOG = 120  # seconds for one run


def say(text):
    print(text, file=sys.stderr, flush=True)


def compiled(name, source, *flags):
    """Compiles one program of benches/ into build/bench."""
    os.makedirs(RESULTS, exist_ok=True)
    program = f'{RESULTS}/{name}'
    compiler = ['g++', '-std=c++17'] if source.endswith('.cpp') else ['gcc', '-std=gnu11']
    subprocess.run(
        [*compiler, '-O2', '-pthread', f'-I{ROOT}/benches', '-o', program,
         f'{ROOT}/benches/{source}', *flags], check=True)
    return program


def figures(text):
    """The numbers of a line of key=value words."""
    found = {}
    for word in text.split():
        key, _, value = word.partition('=')
        try:
            found[key] = float(value)
        except ValueError:
            pass
    return found


def idle_share(seconds=0.2):
    """How much of all processors was idle over a moment."""
    def read():
        with open('/proc/stat', encoding='ascii') as stat:
            fields = [int(word) for word in stat.readline().split()[1:9]]
        return fields[3] + fields[4], sum(fields)
    idle, total = read()
    time.sleep(seconds)
    idle_later, total_later = read()
    return (idle_later - idle) / max(total_later - total, 1)


def wait_for_quiet(patience):
    """Waits until the machine is nearly idle, `patience` seconds at most. Whether it is."""
    deadline = time.monotonic() + patience
    while idle_share() < 0.9:
        if time.monotonic() >= deadline:
            return False
    return True


def run(command, library, environment=None, sink=None, killed=False):
    """One run of a bench beside a fresh sink; its figures, those of the sink under `sink_`.

    `sink` is the arguments of dltsink without the path, or None for no daemon. A `killed` program
    is not waited for once it has told its figures: at exit it would wait for a daemon.
    """
    place = tempfile.mkdtemp(prefix='dlt-bench', dir='/var/tmp')
    ear = bench = None
    try:
        if sink is not None:
            path = f'{place}/dlt'
            ear = subprocess.Popen([f'{RESULTS}/dltsink', *sink, path],
                                   stdout=subprocess.PIPE, text=True)
            deadline = time.monotonic() + 10
            while not os.path.exists(path):
                if ear.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError('the sink does not start')
                time.sleep(0.001)
        surroundings = dict(os.environ, LD_LIBRARY_PATH=library, DLT_PIPE_DIR=place,
                            DLT_LOG_MODE='4', **(environment or {}))
        bench = subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True)
        # SIGALRM would end the wait for a bench that hangs in the library.
        signal.signal(signal.SIGALRM, lambda *_: bench.kill())
        signal.alarm(WATCHDOG)
        found = figures(bench.stdout.readline())
        if killed:
            bench.kill()
        status = bench.wait()
        signal.alarm(0)
        if not found or (status != 0 and not killed):
            raise RuntimeError(f'{" ".join(command)}: status {status}, {len(found)} figures')
        if ear is not None:
            ear.send_signal(signal.SIGTERM)
            told = figures(ear.communicate(timeout=WATCHDOG)[0])
            found.update({f'sink_{key}': value for key, value in told.items()})
        return found
    finally:
        for process in (bench, ear):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(place, ignore_errors=True)


def median(values):
    return statistics.median(values) if values else float('nan')


def machine():
    """What the figures were measured on."""
    model = 'unknown processor'
    with open('/proc/cpuinfo', encoding='utf-8') as info:
        for line in info:
            if line.startswith('model name'):
                model = line.split(':', 1)[1].strip()
                break
    return {
        'processor': model,
        'processors': os.cpu_count(),
        'kernel': platform.release().split('-')[0],
        'system': platform.machine(),
        'when': time.strftime('%Y-%m-%d'),
    }


def store(name, results):
    os.makedirs(RESULTS, exist_ok=True)
    path = f'{RESULTS}/{name}.json'
    with open(f'{path}.new', 'w', encoding='utf-8') as file:
        json.dump(results, file, indent=1)
        file.write('\n')
    os.replace(f'{path}.new', path)
    return path


def load(name):
    """Stored results, or None when that part has not been run."""
    try:
        with open(f'{RESULTS}/{name}.json', encoding='utf-8') as file:
            return json.load(file)
    except FileNotFoundError:
        return None
