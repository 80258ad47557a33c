"""The goals against libdlt, and what the measured figures say to them."""
from yardstick import median

# The clock of virtual machines may tick in steps of 10 ns: less than that is not told apart.
STEP_NS = 10


def ns(key):
    return lambda run: max(run[key], STEP_NS)


def per_call(threads):
    return lambda run: run['wall_ms'] * 1e6 * threads / run['n']


def plain(key):
    return lambda run: run[key]


def kept(run):
    return run['sink_logs'] / run['n']


def lost(run):
    return run['n'] - run['sink_logs']


class Figure:
    """One figure of a situation and its goal."""

    def __init__(self, situation, title, label, unit, value, goal, rate=False, against=None,
                 kind='ratio'):
        self.situation, self.title, self.label, self.unit = situation, title, label, unit
        self.value, self.goal, self.rate, self.kind = value, goal, rate, kind
        self.against = against or situation

    def row(self, results):
        measured = results['situations']
        ours = measured.get(self.situation, {}).get('ours')
        debian = measured.get(self.against, {}).get('debian')
        if not ours or not debian:
            return None
        mine, theirs = (median([self.value(run) for run in runs]) for runs in (ours, debian))
        row = {'title': self.title, 'figure': self.label, 'unit': self.unit,
               'debian': theirs, 'ours': mine, 'ratio': None}
        if self.kind == 'at most':
            row.update(goal=f'at most {self.goal:g} {self.unit}', reached=mine <= self.goal)
            return row
        ratio = mine / theirs if self.rate else theirs / max(mine, 1e-9)
        row['ratio'] = ratio
        if self.kind == 'no slower':
            # Two runs of one and the same program differ by as much.
            row.update(goal='no more (within 5 %)', reached=ratio >= 0.95)
        else:
            asked = theirs * self.goal if self.rate else theirs / self.goal
            row.update(goal=f'{self.goal:g} times: {number(asked)} {self.unit}',
                       reached=ratio >= self.goal)
        return row


def figures():
    def latency(situation, title, **wanted):
        for key, label in ('p50', 'p50'), ('p99', 'p99'), ('p999', 'p99.9'):
            if key in wanted:
                yield Figure(situation, title, label, 'ns', ns(key), wanted[key])

    burst = 'bursts of 1,000 a thread, {} thread{}'
    yield from latency('bursts-1', burst.format(1, ''), p50=25, p99=100, p999=80)
    yield from latency('bursts-4', burst.format(4, 's'), p50=25, p99=60, p999=200)
    yield from latency('bursts-16', burst.format(16, 's'), p50=25, p99=120, p999=5000)
    yield from latency('sustained-1', 'sustained without loss (block), 1 thread', p50=25, p999=80)
    yield from latency('sustained-4', 'sustained without loss (block), 4 threads', p50=25, p99=200)
    yield from latency('stalled-drop-1', 'stalled sink, drop newest, 1 thread', p50=30)
    yield from latency('stalled-drop-4', 'stalled sink, drop newest, 4 threads', p50=25, p999=2000)
    yield from latency('stalled-overwrite-1', 'stalled sink, overwrite, 1 thread', p50=25)
    yield from latency('stalled-overwrite-4', 'stalled sink, overwrite, 4 threads', p50=15, p999=300)
    yield from latency('no-daemon-1', 'no daemon, 1 thread', p50=6)
    for threads in 1, 4:
        title = f'level switched off, {threads} thread{"s" * (threads > 1)}'
        yield Figure(f'off-{threads}', title, 'mean', 'ns', per_call(threads), 1, kind='no slower')
    for threads, fifo, unix in (1, 20, 25), (4, 8, 10):
        title = f'delivered without loss (block), {threads} thread{"s" * (threads > 1)}'
        delivered = plain('sink_kmsg_s')
        yield Figure(f'fifo-{threads}', title, 'FIFO', 'k/s', delivered, fifo, rate=True)
        yield Figure(f'unix-{threads}', title, 'UNIX socket, against Debian\'s FIFO', 'k/s',
                     delivered, unix, rate=True, against=f'fifo-{threads}')
        for name in 'fifo', 'unix':
            yield Figure(f'{name}-{threads}', title, f'lost, {name.upper()}', 'messages', lost, 0,
                         kind='at most', against=f'fifo-{threads}')
    title = 'bursts of 5,000 every 50 ms'
    yield Figure('bursts-5000', title, 'lost', 'messages', lost, 0, kind='at most')
    yield Figure('bursts-5000', title, 'end-to-end p99', 'us', plain('sink_p99'), 60)
    title = 'paced at 4,000 a second'
    yield Figure('paced', title, 'caller\'s p50', 'ns', ns('p50'), 40)
    yield Figure('paced-arrival', title, 'end-to-end p99', 'us', plain('sink_p99'), 2000,
                 kind='at most')
    yield Figure('paced', title, 'CPU of the process a message', 'ns', plain('cpu_total_ns_msg'), 1,
                 kind='no slower')
    for threads, goal in (1, 12), (4, 8):
        title = f'sustained, {threads} thread{"s" * (threads > 1)}'
        yield Figure(f'fifo-{threads}', title, 'CPU of the process a message', 'ns',
                     plain('cpu_total_ns_msg'), goal)


def rows(results):
    """A row for every figure whose situation was measured."""
    made = (figure.row(results) for figure in figures())
    return [row for row in made if row is not None]


def number(value):
    if abs(value) >= 100 or value == int(value):
        return f'{value:,.0f}'
    return f'{value:.1f}'


def cells(row):
    ratio = '' if row['ratio'] is None else f'{row["ratio"]:,.1f}'
    return [row['title'], row['figure'], f'{number(row["debian"])} {row["unit"]}',
            f'{number(row["ours"])} {row["unit"]}', ratio, row['goal'],
            'ok' if row['reached'] else 'missed']


HEADINGS = ['situation', 'figure', 'libdlt', 'libdlt-ng', 'ratio', 'goal', '']


def print_table(table):
    """Prints the rows; how many goals are missed."""
    lines = [HEADINGS] + [cells(row) for row in table]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADINGS))]
    for line in lines:
        print('  '.join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    missed = sum(not row['reached'] for row in table)
    print(f'{len(table) - missed} of {len(table)} goals reached')
    return missed
