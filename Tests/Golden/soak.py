"""An hour of mixed work through real sessions: does anything grow?

usage: soak.py BOUNDARYSCOPE [--minutes 60] [--checkpoints 300] [--starts 10000]
One explorer in a terminal, --watch on a folder in which checkpoints are written, rewritten in place and deleted, while
keys start work, leave it, change screens, models, images and sizes. Its memory, descriptors, threads and the time from a
key to the next frame are sampled from /proc; a line is fitted to the second half: of memory to what stays between the jobs,
the smallest of ten samples in a row, for a job's own memory comes and goes. Ends with status 1 where that grows by more than
20 MB an hour, descriptors or threads grow, or frames become slower. Needs Python and numpy, and a machine to itself for the
frames.
"""
import argparse, fcntl, os, pathlib, pty, random, select, shutil, signal, struct, subprocess, sys, tempfile, termios, time

import numpy as np


class Terminal:
    """The program under a terminal of its own."""

    def __init__(self, command, environment, size=(40, 120)):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(command[0], command, environment)
        self.resize(*size)
        self.seen = 0

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))

    def read(self, seconds):
        """What it writes within a time; returns the seconds until the first byte, None where none came."""
        first, begin = None, time.monotonic()
        while True:
            left = begin + seconds - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                return first
            try:
                data = os.read(self.fd, 1 << 16)
            except OSError:  # the program has ended
                return first
            if not data:
                raise EOFError('the program ended')
            self.seen += len(data)
            if first is None:
                first = time.monotonic() - begin

    def type(self, keys, seconds=0.05):
        os.write(self.fd, keys)
        return self.read(seconds)

    def status(self):
        fields = dict(line.split(':', 1) for line in open(f'/proc/{self.pid}/status'))
        kilobytes = lambda name: int(fields[name].split()[0])
        return kilobytes('VmRSS') / 1024, len(os.listdir(f'/proc/{self.pid}/fd')), int(fields['Threads'])


class Trainer:
    """A folder that gains, rewrites in place, and loses checkpoints."""

    def __init__(self, folder, models, random):
        self.folder, self.random = pathlib.Path(folder), random
        self.sources = [(models / f'{n}.onnx').read_bytes() for n in ('lenet-shapes', 'nin-shapes') if (models / f'{n}.onnx').exists()]
        self.written, self.changes = 0, 0

    def act(self):
        there = sorted(self.folder.glob('*.onnx'))
        kind = self.random.random()
        if kind < 0.5 or len(there) < 3:
            (self.folder / f'epoch-{self.written:04d}.onnx').write_bytes(self.random.choice(self.sources))
            self.written += 1
        elif kind < 0.8:
            path, data = self.random.choice(there), self.random.choice(self.sources)
            with open(path, 'wb') as file:
                for i in range(0, len(data), 1 << 16):
                    file.write(data[i : i + (1 << 16)])
                    file.flush()
        elif len(there) > 12:
            self.random.choice(there[:-1]).unlink()
        self.changes += 1


KEYS = [b'1', b'2', b'3', b'4', b'5', b'6', b'7', b'8', b'9', b'0', b'j', b'k', b'\x1b[A', b'\x1b[B', b'\x1b[C', b'\x1b[D', b'\t', b'\r',
        b'\x1b', b'u', b'n', b'v', b'?', b'\x1b', b'+', b'-', b'm', b'i', b'\x1b']
# Cancels what the screen in front computes.
CANCEL = b'x'
SIZES = [(24, 80), (40, 120), (60, 200), (30, 100)]


def soak(options, folder):
    chance = random.Random(26)
    root = pathlib.Path(options.program).resolve()
    while not (root / 'Assets').is_dir():
        root = root.parent
    watched = pathlib.Path(folder) / 'run'
    watched.mkdir()
    trainer = Trainer(watched, root / 'Assets/models', chance)
    trainer.act()
    environment = dict(os.environ, TERM='xterm-256color', COLORTERM='truecolor', LANG='C.UTF-8', HOME=folder,
                       **{f'XDG_{n}_HOME': f'{folder}/{n}' for n in ('CACHE', 'CONFIG', 'DATA', 'STATE')})
    terminal = Terminal([os.path.abspath(options.program), '--watch', str(watched)], environment)
    terminal.read(3)
    begin, samples, starts = time.monotonic(), [], 0
    seconds = options.minutes * 60
    while time.monotonic() - begin < seconds:
        share = (time.monotonic() - begin) / seconds
        while trainer.changes < share * 3 * options.checkpoints:
            trainer.act()
        waits = []
        # Each of these keys asks for work of a screen and cancels what the one before asked for.
        while starts < share * options.starts:
            for _ in range(3):
                waits.append(terminal.type(chance.choice(KEYS), 0.02))
            # What was begun is cancelled most of the time, and left to run behind other screens now and then.
            if chance.random() < 0.8:
                terminal.type(CANCEL, 0.02)
            terminal.type(chance.choice([b'1', b'2', b'3', b'4', b'5', b'6', b'7', b'8', b'9', b'0']), 0.02)
            starts += 1
        if chance.random() < 0.1:
            terminal.resize(*chance.choice(SIZES))
        terminal.read(0.2)
        begun = time.monotonic()
        waits.append(terminal.type(b'?', 1.0) if chance.random() < 0.5 else None)
        terminal.type(b'\x1b', 0.1)
        if not samples or time.monotonic() - begin > samples[-1][0] + seconds / 240:
            times = [w for w in waits if w is not None]
            samples.append((time.monotonic() - begin, *terminal.status(), np.median(times) * 1000 if times else np.nan))
            if options.verbose:
                print(*(f'{x:.1f}' for x in samples[-1]), starts, trainer.changes, flush=True)
    terminal.type(b'\x1b', 0.2)
    terminal.type(b'q', 1)
    try:
        terminal.type(b'y', 5)
    except (EOFError, OSError):
        pass
    _, status = os.waitpid(terminal.pid, 0)
    return np.array(samples), starts, trainer, status


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--checkpoints', type=int, default=300)
    parser.add_argument('--starts', type=int, default=10000)
    parser.add_argument('--verbose', action='store_true')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        samples, starts, trainer, status = soak(options, folder)
    t = samples[:, 0] / 3600
    print(f'{options.minutes:g} minutes, {starts} starts, {trainer.changes} changes of {trainer.written} checkpoints, status {status}')
    print(f'{"":14}{"first":>9}{"quarter":>9}{"half":>9}{"end":>9}{"an hour, 2nd half":>20}')
    failed = status != 0
    for column, (name, most) in enumerate([('memory, MB', 20), ('descriptors', 1), ('threads', 1), ('frame, ms', 5)], 1):
        values = samples[:, column]
        half = (t > t[-1] / 2) & np.isfinite(values)
        kept = np.array([values[max(0, i - 9) : i + 1].min() for i in range(len(values))]) if column == 1 else values
        slope = np.polyfit(t[half], kept[half], 1)[0] if half.sum() > 2 else np.nan
        at = [np.nanmedian(values[max(0, int(k * len(values)) - 3) : int(k * len(values)) + 4]) for k in (0, 0.25, 0.5, 1)]
        print(f'{name:14}' + ''.join(f'{x:9.1f}' for x in at) + f'{slope:+20.2f}')
        failed |= bool(slope * (t[-1] - t[-1] / 2) > most)
    sys.exit(failed)


main()
