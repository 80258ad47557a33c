"""What libdlt-ng does otherwise than the reference on purpose, rule by rule.

A rule takes the capture document of the reference (the JSON of a case, see ../README.md) and turns
it into what libdlt-ng is to show: frames, return values, callbacks. Everything that no rule touches
has to be equal, and no case is exempt as a whole. `replay.py` applies them in the order given here.

A rule that finds nothing to change in a document leaves it alone and returns False. The few rules
marked `both` describe a freedom ("how many messages fit"): they check a document for what must hold
on either side and then reduce both sides to that.
"""
import re
import struct

import capture

RULES = []


def rule(reason, both=False):
    """Registers a rule; the function's name is the rule's name."""
    def register(function):
        RULES.append((function.__name__, reason, both, function))
        return function
    return register


def apply(doc, is_reference):
    """Applies all rules in order; returns the names of those that changed something."""
    doc['candidate'] = not is_reference
    return [name for name, _, both, function in RULES
            if (is_reference or both) and function(doc)]


# ---- reading and building frames ----------------------------------------------------------------

def frames(doc, kind=None):
    return [f for f in doc['frames'] if 'type' in f and (kind is None or f['name'] == kind)]


def rebuilt(frame, raw):
    """The same frame with other bytes."""
    masked, fields = capture.mask(raw)
    kind = struct.unpack_from('<I', raw, 4)[0]
    return dict(frame, type=kind, name=capture.NAMES[kind], size=len(raw), hex=raw.hex(),
                masked=masked, fields=fields)


def with_payload(frame, payload, noar=None, counter=None):
    """A LOG frame with another payload; LEN follows."""
    raw = bytearray.fromhex(frame['hex'])
    del raw[payload_at(raw):]
    raw += payload
    struct.pack_into('>H', raw, 10, len(raw) - 8)
    if noar is not None:
        raw[payload_at(raw) - 9] = noar
    if counter is not None:
        raw[9] = counter & 0xff
    return rebuilt(frame, bytes(raw))


def payload_at(raw):
    """Offset of the payload in a LOG frame."""
    flags = raw[8]
    return 12 + sum(4 for bit in (4, 8, 16) if flags & bit) + (10 if flags & 1 else 0)


def context_of(frame):
    return frame['fields'].get('apid'), frame['fields'].get('ctid')


def counted_anew(doc):
    """Message counters 0, 1, 2, .. per context, for documents from which no message is missing."""
    following = {}
    for i, frame in enumerate(doc['frames']):
        if frame.get('type') == 1:
            key = context_of(frame)
            doc['frames'][i] = with_counter(frame, following.get(key, 0))
            following[key] = following.get(key, 0) + 1


def with_counter(frame, counter):
    raw = bytearray.fromhex(frame['hex'])
    raw[9] = counter & 0xff
    return rebuilt(frame, bytes(raw))


def calls(doc):
    return [c for c in doc['calls'] if 'call' in c]


# ---- the rules ----------------------------------------------------------------------------------

@rule('DLT_INT and DLT_UINT are plain 32-bit integers (0x23, 0x43). 2.18.7 and 2.18.8 alone mark them '
      'as carrying attributes, and send two empty ones.')
def plain_integers(doc):
    changed = False
    for i, frame in enumerate(doc['frames']):
        if frame.get('type') != 1 or not frame['fields'].get('msin'):
            continue
        if int(frame['fields']['msin'], 16) & 1 == 0 or doc['case'] == 'attr':
            continue      # not verbose; or: attributes that the caller gave are not plain integers
        payload = bytes.fromhex(frame['fields']['payload'])
        plain = without_empty_attributes(payload)
        if plain != payload:
            doc['frames'][i] = with_payload(frame, plain)
            changed = True
    return changed


SIZES = {1: 1, 2: 2, 3: 4, 4: 8}


def without_empty_attributes(payload):
    out, at = b'', 0
    while at + 4 <= len(payload):
        info = struct.unpack_from('<I', payload, at)[0]
        if info in (0x823, 0x843) and payload[at + 4:at + 8] == bytes(4):
            out += struct.pack('<I', info & ~0x800) + payload[at + 8:at + 12]
            at += 12
        elif info & 0x800:
            return payload                               # attributes of other kinds: none here
        elif info & 0x600:                               # string or raw: its length comes first
            end = at + 6 + struct.unpack_from('<H', payload, at + 4)[0]
            out += payload[at:end]
            at = end
        else:
            end = at + 4 + SIZES.get(info & 0xf, 1)
            out += payload[at:end]
            at = end
    return out + payload[at:]


@rule('MARKER is nine bytes long: the daemon waits for a ninth, and takes it from the frame after it.')
def marker_padded(doc):
    found = [i for i, f in enumerate(doc['frames']) if f.get('name') == 'MARKER' and f['size'] == 8]
    for i in found:
        frame = doc['frames'][i]
        doc['frames'][i] = rebuilt(frame, bytes.fromhex(frame['hex']) + b'\0')
    return bool(found)


@rule('LOG_MODE is accepted and not sent: no daemon has ever implemented it, and it stalls their parser.')
def log_mode_not_sent(doc):
    before = len(doc['frames'])
    doc['frames'] = [f for f in doc['frames'] if f.get('name') != 'LOG_MODE']
    return len(doc['frames']) != before


@rule('LEN is at most 65527: together with its header a longer message exceeds the 65535 bytes of the '
      'daemon\'s buffer and is lost there in silence. It is refused instead, as those above 65535 are.')
def length_capped(doc):
    if doc['case'] != 'bigbuf':
        return False
    changed, size = False, 0
    for call in calls(doc):
        written = re.match(r'dlt_user_log_write_raw\(&d, bytes, (\d+)\)', call['call'])
        if written:
            size = int(written.group(1))
        if call['call'].startswith('dlt_user_log_write_finish') and 26 + 6 + size > 65527:
            changed |= call['ret'] != -1
            call['ret'] = -1
    return changed


@rule('A message too large for the free part of the reference\'s initial 50,000 bytes destroys its '
      'buffer (the capture of bigbuf ends there). Here it arrives, and what follows it too.')
def large_messages_arrive(doc):
    if doc['case'] != 'bigbuf':
        return False
    kept = [f for f in doc['frames'] if f.get('type')][:4]
    sample = kept[3]
    payload = struct.pack('<IH', 0x400, 60000) + bytes(i & 0xff for i in range(60000))
    kept.append(with_payload(sample, payload, counter=2))
    ids = b'GAPP', b'GCTX'
    pid = struct.pack('<i', doc['pid'])
    kept.append(rebuilt(sample, capture.hdr(5) + ids[0] + ids[1] + pid))
    kept.append(rebuilt(sample, capture.hdr(3) + ids[0] + pid))
    doc['frames'] = kept
    return True


@rule('A message that is refused for its length is lost like any other: the daemon is told the number. '
      'When, and in how many parts, depends on the moment.', both=True)
def oversize_is_told(doc):
    if doc['case'] != 'bigbuf':
        return False
    told = sum(f['fields']['lost'] for f in frames(doc, 'OVERFLOW'))
    doc['frames'] = [f for f in doc['frames'] if f.get('name') != 'OVERFLOW']
    refused = [c for c in calls(doc) if c['ret'] == -1]
    if not doc['candidate']:              # the reference says nothing of them
        told = len(refused)
    doc['calls'].append(dict(call='told as lost', ret=told))
    return True


@rule('The daemon\'s answer on whether a client listens is read when it comes, not up to a second later. '
      'Whether it is there at the first question is then a matter of microseconds.', both=True)
def log_state_at_once(doc):
    asked = [c for c in calls(doc) if c['call'] == 'dlt_get_log_state()']
    if not asked or asked[0]['ret'] not in (-1, 0):
        return False
    asked[0]['ret'] = 0
    return True


@rule('One registration when the daemon appears, not one by the reconnecting thread and one out of the '
      'buffer.')
def one_registration(doc):
    if not waits_for_daemon(doc):
        return False
    out, seen = [], set()
    for frame in reversed(doc['frames']):
        if frame.get('event', '').startswith('daemon'):
            seen = set()
        if frame.get('type') in (2, 4):
            key = frame['name'], context_of(frame), frame['fields'].get('pos')
            if key in seen:
                continue              # the one out of the buffer, with the levels asked for, is kept
            seen.add(key)
        out.insert(0, frame)
    changed = len(out) != len(doc['frames'])
    doc['frames'] = out
    return changed


def waits_for_daemon(doc):
    return any(f.get('event') == 'daemon up' and f['t'] > 0.02 for f in doc['frames'])


@rule('After a reconnect contexts are registered with the levels they have, so that these survive a '
      'restart of the daemon. The reference asks for the daemon\'s default.')
def current_levels(doc):
    levels, restarted, changed = {}, False, False
    for i, frame in enumerate(doc['frames']):
        if frame.get('event') == 'daemon down':
            restarted = True
        if frame.get('type') != 4:
            continue
        fields = frame['fields']
        if not restarted:
            # The recorder answers whatever is left open with level 6 and trace 1.
            open_ = fields['log_level'] < 0 or fields['trace_status'] < 0
            levels[fields['pos']] = (6, 1) if open_ else (fields['log_level'], fields['trace_status'])
        elif fields['pos'] in levels and fields['log_level'] == -2:
            raw = bytearray.fromhex(frame['hex'])
            raw[20:22] = bytes(levels[fields['pos']])
            doc['frames'][i] = rebuilt(frame, bytes(raw))
            changed = True
    return changed


@rule('Network trace that is too long for a message by up to 12 bytes, the size of the type '
      'information that the reference forgets to count, is truncated like any longer one and not lost.')
def no_dead_window(doc):
    if doc['case'] not in ('nwtrace', 'nwseg'):
        return False
    data = bytes((i * 7 + (i >> 8)) & 0xff for i in range(70000))
    header = bytes(0xe0 + i for i in range(16))
    changed, at = False, -1
    shown = frames(doc, 'LOG')
    for call in calls(doc):
        found = re.match(r'dlt_user_trace_network(_segmented)?\(&ctx, DLT_NW_TRACE_(CAN|MOST), 16, hdr, (\d+)',
                         call['call'])
        length = int(found.group(3)) if found else 0
        if call['call'].startswith('dlt_user_trace_network') and call['ret'] == 0:
            at = last_frame_of(call, shown, at)
        if found and call['ret'] == -1 and 1390 - 12 < 16 + length < 1390:
            lead = (struct.pack('<IH', 0x200, 5) + b'NWTR\0' + struct.pack('<IH', 0x400, 16) + header
                    + struct.pack('<II', 0x43, length))
            room = 1390 - len(lead) - 6
            payload = lead + struct.pack('<IH', 0x400, room) + data[:room]
            new = with_payload(shown[at], payload, noar=4)
            doc['frames'].insert(index_of(doc, shown[at]) + 1, new)
            at += 1
            shown.insert(at, new)
            call['ret'] = 0
            changed = True
    if changed:
        counted_anew(doc)
    return changed


def last_frame_of(call, shown, at):
    """Index of the last LOG frame that a successful trace call sent."""
    at += 1
    if bytes.fromhex(shown[at]['fields']['payload'])[6:10] == b'NWST':
        while bytes.fromhex(shown[at]['fields']['payload'])[6:10] != b'NWEN':
            at += 1
    return at


def index_of(doc, frame):
    return next(i for i, f in enumerate(doc['frames']) if f is frame)


@rule('File mode is unlimited until a limit is set; the reference refuses every message until then.')
def file_unlimited(doc):
    if doc['case'] != 'file_default':
        return False
    wrote = []
    for call in calls(doc):
        if call['call'].startswith('dlt_user_log_write_finish') and call['ret'] == -8:
            call['ret'] = 0
            wrote.append(len(wrote) % 3)
    for i, number in enumerate(wrote):
        message = (b'\x3d' + bytes([i]) + struct.pack('>H', 34) + b'ECU1' + bytes(8) + b'\x41\x01'
                   + b'DAPPDCTX' + struct.pack('<Ii', 0x23, number))
        doc['frames'].append(rebuilt(dict(t=0), capture.hdr(1) + message))
    return True


@rule('finish returns 0 for a message that is kept. Near its maximum the reference returns -1 for '
      'messages that it delivers.')
def kept_is_ok(doc):
    if doc['case'] not in ('overflow', 'flood'):
        return False
    changed = False
    for call in calls(doc):
        if call['call'].startswith('dlt_user_log_write_finish') and call['ret'] == -1:
            call['ret'], changed = 0, True
    return changed


@rule('How much fits is ours: what the reference drops of 60 small messages, or beyond a file\'s limit '
      'because its integers are longer, still finds room.')
def capacity(doc):
    if doc['case'] == 'overflow':
        log = frames(doc, 'LOG')
        sample = log[0]
        head = bytes.fromhex(sample['fields']['payload'])[:-4]
        numbers = list(range(60)) + [1000, 1001]
        new = [with_payload(sample, head + struct.pack('<i', n), counter=i)
               for i, n in enumerate(numbers)]
        first = index_of(doc, log[0])
        rest = [f for f in doc['frames'][first:] if f.get('name') not in ('LOG', 'OVERFLOW')]
        doc['frames'] = doc['frames'][:first] + new + rest
        for call in calls(doc):
            if call['call'].startswith('dlt_user_log_write_finish'):
                call['ret'] = 0
        return True
    if doc['case'] == 'file':
        return file_filled_up(doc, 1100)
    return False


def file_filled_up(doc, limit):
    """Repeats the last record as long as the limit allows: they are equal but for a number."""
    log = frames(doc)
    small = [f for f in log if f['size'] == log[-1]['size']]
    used = sum(16 + f['size'] - 8 for f in log)
    number = struct.unpack_from('<i', bytes.fromhex(log[-1]['fields']['payload']), 4)[0]
    refused = [c for c in calls(doc) if c['ret'] == -8]
    changed = False
    for call in refused:
        if used + 16 + small[-1]['size'] - 8 > limit:
            break
        number += 1
        head = bytes.fromhex(log[-1]['fields']['payload'])[:-4]
        new = with_payload(doc['frames'][-1], head + struct.pack('<i', number),
                           counter=doc['frames'][-1]['fields']['mcnt'] + 1)
        doc['frames'].append(new)
        used += 16 + new['size'] - 8
        call['ret'] = 0
        changed = True
    return changed


@rule('A forked child has no link until it calls dlt_init(): its marker is refused. The reference starts '
      'a second library there and leaves its FIFO behind.')
def child_marker_refused(doc):
    if doc['case'] != 'fork':
        return False
    for call in calls(doc):
        if call['call'] == 'dlt_log_marker()':
            call['ret'] = -1
    doc['frames'] = [f for f in doc['frames'] if f.get('name') != 'MARKER']
    return True


@rule('Of a flood that exceeds any capacity the first messages are kept, in order; the rest is refused '
      'with BUFFER_FULL and announced with its exact number after the backlog. How many fit is ours.',
      both=True)
def flood_keeps_the_oldest(doc):
    if doc['case'] != 'flood':
        return False
    problems = []
    number = lambda f: struct.unpack('<i', bytes.fromhex(f['fields']['payload'])[-4:])[0]
    backlog, after, lost = [], [], []
    for frame in frames(doc):
        if frame['name'] == 'LOG':
            (after if number(frame) >= 1000000 else backlog).append(frame)
        if frame['name'] == 'OVERFLOW':
            lost.append(frame['fields']['lost'])
            if not backlog or after:
                problems.append('OVERFLOW does not stand right after the backlog')
    numbers = [number(f) for f in backlog]
    if numbers != list(range(len(numbers))) or not numbers:
        problems.append('the backlog is not 0, 1, 2, ..')
    results = [c['ret'] for c in calls(doc) if c['call'].startswith('dlt_user_log_write_finish')]
    flood = results[:-len(after)]
    if lost != [len(flood) - len(numbers)]:
        problems.append('OVERFLOW says %s, missing are %d' % (lost, len(flood) - len(numbers)))
    if flood.count(-4) != len(flood) - len(numbers):
        problems.append('%d calls were refused, %d messages are missing'
                        % (flood.count(-4), len(flood) - len(numbers)))
    if any(f['fields']['mcnt'] != i % 256 for i, f in enumerate(backlog)):
        problems.append('the message counters of the backlog have gaps')
    if any(f['fields']['mcnt'] != (len(flood) + i) % 256 for i, f in enumerate(after)):
        problems.append('the gap of the message counter is not what was lost')
    doc['frames'] = [f for f in doc['frames'] if f.get('type') not in (1, 8)] + after
    for i, frame in enumerate(doc['frames']):
        if frame.get('type') == 1:
            doc['frames'][i] = with_counter(frame, 0)
    doc['calls'] = [c for c in doc['calls']
                    if not c.get('call', '').startswith('dlt_user_log_write_finish')]
    doc['calls'] += [dict(call='held: ' + (', '.join(problems) or 'everything'), ret=0)]
    return True


# Return values that libdlt documents otherwise than it gives them, or that say success where nothing
# was done. (case, text of the call) -> (reference, ours, reason)
RETURNS = {
    ('life', 'dlt_set_filesize_max(1000)'):
        (2, -1, 'outside file mode: +2 passes for success in a check for < 0'),
}


@rule('Single return values, each with its reason in RETURNS.')
def returns(doc):
    changed = False
    for call in calls(doc):
        found = RETURNS.get((doc['case'], call['call']))
        if found and call['ret'] == found[0]:
            call['ret'], changed = found[1], True
    return changed
