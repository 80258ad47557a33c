"""The goals beside loggers that are compiled into the program, and what the figures say to them."""
from yardstick import median

# Readings of the counter that a call may cost.
READINGS = {'libdlt-ng': 2.7, 'libdlt-ng, UNIX socket': 2.7, 'libdlt-ng, inlined': 1.7}
# Deliveries for each one of quill's.
TIMES_QUILL = 5

HEADINGS = ['logger', 'a call', 'in readings of the counter', 'goal', '',
            'delivered by 1 thread', 'by 4 threads', 'goal', '']


def rows(results):
    """A row for every logger that was measured."""
    quill = results['loggers'].get('quill', {}).get('1')
    quill = median([run['kmsg_s'] for run in quill]) if quill else None
    made = []
    for name, by_threads in results['loggers'].items():
        ours = name in READINGS
        runs = by_threads['1'] + by_threads['4']
        if not by_threads['1'] or not by_threads['4']:
            continue
        rates = [median([run['kmsg_s'] for run in by_threads[threads]]) for threads in ('1', '4')]
        row = {'name': name, 'call': median([run['call_ns'] for run in runs]),
               'readings': median([run['readings'] for run in runs]), 'rates': rates,
               'lost': max((run.get('lost', 0) for run in runs), default=0),
               'call_goal': '', 'call_reached': None, 'rate_goal': '', 'rate_reached': None}
        if ours:
            limit = READINGS[name]
            row.update(call_goal=f'at most {limit}', call_reached=row['readings'] <= limit)
        if ours and quill:
            row.update(rate_goal=f'{TIMES_QUILL} times quill\'s',
                       rate_reached=rates[0] >= TIMES_QUILL * quill)
        made.append(row)
    return made


def floor(results):
    """What no call of this kind can do without: what it is, its time, and in readings."""
    parts = {'reading': 'the counter is read',
             'reserved': '... and a word that all threads share is moved on by compare-and-swap',
             'stored': '... and 77 bytes are copied into the next slot of a ring of 2 MiB',
             'composed': '... and are put together before'}
    runs = [run for run in results.get('floor', []) if run]
    return [(name, f'{median([run[f"{key}_ns"] for run in runs]):,.1f} ns',
             f'{median([run[f"{key}_readings"] for run in runs]):,.2f}')
            for key, name in parts.items()] if runs else []


def floor_of_bursts(results):
    """The same in bursts, call by call: threads, and percentiles."""
    runs = [run for run in results.get('floor', []) if 'bursts_1_p50_ns' in run]
    return [[str(threads)] + [f'{median([run[f"bursts_{threads}_{key}_ns"] for run in runs]):,.0f} ns'
                              for key in ('p50', 'p99', 'p999')]
            for threads in (1, 4, 16)] if runs else []


def verdict(reached):
    return {None: '', True: 'ok', False: 'missed'}[reached]


def cells(row):
    return [row['name'], f'{row["call"]:,.1f} ns', f'{row["readings"]:,.2f}', row['call_goal'],
            verdict(row['call_reached']), f'{row["rates"][0]:,.0f} k/s',
            f'{row["rates"][1]:,.0f} k/s', row['rate_goal'], verdict(row['rate_reached'])]


def print_table(table):
    """Prints the rows; how many goals are missed."""
    lines = [HEADINGS] + [cells(row) for row in table]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADINGS))]
    for line in lines:
        print('  '.join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    for row in table:
        if row['lost']:
            print(f'{row["name"]} lost {row["lost"]:,.0f} messages')
    return sum(row[key] is False for row in table for key in ('call_reached', 'rate_reached'))
