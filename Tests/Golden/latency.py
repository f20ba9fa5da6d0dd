"""How soon the explorer shows its first frame, answers keys while both cores compute, how many bytes frames take, and
what it does while nothing happens.

usage: latency.py BOUNDARYSCOPE [--size 200x60] [--keys 1000] [--colors 256] [--idle SECONDS] [--part keys|frames] [--busy MODEL]
Runs the real program under a pseudo-terminal with an empty cache. The answer to a key is timed from writing the key to
the last byte of the burst that follows; a burst ends with 4 ms of silence. Meanwhile the engine learns from MODEL, which is
to be large enough to keep all cores busy throughout. Needs Python alone.
"""
import argparse, fcntl, os, pty, select, signal, struct, tempfile, termios, time


def burst(fd, first, quiet):
    """Reads from the first byte (waiting at most `first` seconds) until `quiet` seconds of silence: bytes, times."""
    data, start, end, wait = b'', None, None, first
    while select.select([fd], [], [], wait)[0]:
        try:
            part = os.read(fd, 1 << 20)
        except OSError:
            break
        if not part:
            break
        end = time.perf_counter()
        start = start or end
        data, wait = data + part, quiet
    return data, start, end


class Explorer:
    def __init__(self, program, size, colors, cache, *model):
        columns, rows = map(int, size.split('x'))
        environment = dict(os.environ, TERM='xterm-256color', LC_ALL='C.UTF-8', XDG_CACHE_HOME=cache)
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
            os.execve(program, [program, 'explore', '--colors', colors, *model], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))

    def type(self, keys):
        os.write(self.fd, keys)

    def settle(self, quiet, limit=60):
        """Reads until nothing came for `quiet` seconds."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            data, _, _ = burst(self.fd, quiet, quiet)
            if not data:
                return True
        return False

    def seconds(self):
        fields = open(f'/proc/{self.pid}/stat').read().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        burst(self.fd, 1, 0.3)
        os.waitpid(self.pid, 0)


def answers(explorer, count):
    """The delays in milliseconds of keys that changed the screen."""
    keys = [b'2', b'\x1bOC', b'\x1bOA', b'c', b'3', b'4', b'1', b'\x1bOB', b'\x1bOC', b'n', b'2', b'\x1bOD', b'c', b'8']
    delays, silent = [], 0
    for i in range(count):
        burst(explorer.fd, 0.0, 0.0)
        sent = time.perf_counter()
        explorer.type(keys[i % len(keys)])
        _, start, end = burst(explorer.fd, 0.25, 0.004)
        if start:
            delays.append(1e3 * (end - sent))
        else:
            silent += 1
    return sorted(delays), silent


def main():
    p = argparse.ArgumentParser()
    p.add_argument('program')
    p.add_argument('--size', default='200x60')
    p.add_argument('--keys', type=int, default=1000)
    p.add_argument('--colors', default='256')
    p.add_argument('--idle', type=float, default=10)
    p.add_argument('--busy', default='nin-shapes')
    p.add_argument('--part', choices=['keys', 'frames', 'all'], default='all')
    a = p.parse_args()
    cache = tempfile.mkdtemp()
    if a.part != 'frames':
        keys(a, cache)
    if a.part != 'keys':
        frames(a, cache)


def keys(a, cache):
    explorer = Explorer(a.program, a.size, a.colors, cache, a.busy)
    _, _, end = burst(explorer.fd, 10, 0.03)
    print(f'first frame complete after {1e3 * (end - explorer.began):.0f} ms')
    burst(explorer.fd, 2, 0.5)
    # Short and long work at once: the UAP of the section, and the shared curvature.
    for keys in (b'2', b'3', b'\r'):
        explorer.type(keys)
        burst(explorer.fd, 0.5, 0.1)
    before, began = explorer.seconds(), time.perf_counter()
    delays, silent = answers(explorer, a.keys)
    busy = (explorer.seconds() - before) / (time.perf_counter() - began)
    load = open('/proc/loadavg').read().split()[0]
    if delays:
        at = lambda share: delays[min(len(delays) - 1, int(share * len(delays)))]
        print(f'{len(delays)} keys answered, {silent} changed nothing; {busy:.1f} cores busy, load {load}: median '
              f'{at(0.5):.1f} ms, 99th percentile {at(0.99):.1f} ms, longest {delays[-1]:.1f} ms')
    explorer.end()


def frames(a, cache):
    explorer = Explorer(a.program, a.size, a.colors, cache)
    explorer.settle(3)
    for keys, name in [(b'1', 'Pick'), (b'2', 'Section'), (b'c', 'Section, margin'), (b'3', 'Spectrum'),
                       (b'4', 'Fooling'), (b'5', 'Universal'), (b'6', 'Transfer'), (b'7', 'Theory'), (b'8', 'Jobs')]:
        explorer.type(keys)
        explorer.settle(1.5)
        explorer.type(b'\x0c')
        data, _, _ = burst(explorer.fd, 1, 0.15)
        print(f'a full repaint of {name} at {a.size} in {a.colors} colours: {len(data)} bytes')
    explorer.type(b'1')
    if a.idle and explorer.settle(3):
        before = explorer.seconds()
        data, _, _ = burst(explorer.fd, a.idle, a.idle)
        print(f'{a.idle:.0f} s of nothing: {len(data)} bytes, {1e3 * (explorer.seconds() - before):.0f} ms of processor time')
    explorer.end()


main()
