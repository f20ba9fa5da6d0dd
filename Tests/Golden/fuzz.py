"""Types at random into the running explorer: keys, mouse, pastes, split and broken escape sequences, resizes.

usage: fuzz.py BOUNDARYSCOPE [--steps 1000] [--seeds 1,2,3]
Works in a folder of its own, on an empty cache. Ends with status 1 where the explorer ends before it is told to, does not
answer afterwards, or leaves the terminal changed. Needs Python alone.
"""
import argparse, fcntl, os, pty, random, re, select, signal, struct, sys, tempfile, termios, time

KEYS = [b'\r', b'\t', b'\x1b', b'\x1b[Z', b'\x7f', b'\x1bOA', b'\x1bOB', b'\x1bOC', b'\x1bOD', b'\x1b[5~', b'\x1b[6~', b'\x1bOH',
        b'\x1bOF', b'\x1bOP', b'\x0c', b'\x15', b'\x17', b'\x1b[3~', b'\x1b[1;5C', b'\x1ba']
BROKEN = [b'\x1b[', b'\x1b[<0;', b'\x1b[<0;999999999999;1M', b'\x1b[<35;1;1', b'\xff\xfe', b'\xc3', b'\xe2\x82', b'\x1b]52;c;AAAA\x07',
          b'\x1b[200~never closed', b'\x1b[?1;2c', b'\x00', b'\x9b31m', b'\x1b' * 7, b'\x1bP+r\x1b\\', b'\x1b[M !!']
SIZES = [(24, 80), (40, 120), (60, 200), (12, 40), (6, 20), (1, 1), (200, 500), (13, 300)]


class Explorer:
    def __init__(self, program, folder):
        self.out = b''
        environment = dict(os.environ, TERM='xterm-256color', LC_ALL='C.UTF-8', XDG_CACHE_HOME=folder, HOME=folder)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(program, [program, 'explore'], environment)
        self.modes = termios.tcgetattr(self.fd)
        self.resize(24, 80)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))

    def read(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                return
            try:
                self.out = (self.out + os.read(self.fd, 1 << 16))[-(1 << 20):]
            except OSError:
                return

    def ended(self):
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return status if pid else None


def step(explorer, chance):
    kind = chance.random()
    if kind < 0.05:
        return explorer.resize(*chance.choice(SIZES))
    if kind < 0.20:
        button, row, column = chance.choice([0, 0, 1, 2, 32, 64, 65]), chance.randint(0, 70), chance.randint(0, 210)
        text = b'\x1b[<%d;%d;%d%s' % (button, column, row, chance.choice([b'M', b'm']))
    elif kind < 0.24:
        text = b'\x1b[200~' + bytes(chance.choices(range(32, 256), k=chance.randint(0, 400))) + b'\x1b[201~'
    elif kind < 0.30:
        text = chance.choice(BROKEN)
    elif kind < 0.55:
        text = chance.choice(KEYS)
    else:
        text = chance.choice(list('1234567812345678vVcodrsxXtnpg+-[]{}?:/imhjkl=_T 5.C')).encode()
    # A slow link cuts sequences anywhere.
    cut = chance.randint(0, len(text)) if chance.random() < 0.3 else len(text)
    for part in (text[:cut], text[cut:]):
        if part:
            os.write(explorer.fd, part)
            explorer.read(chance.choice([0, 0, 0.005, 0.04]))


def run(program, steps, seed):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        chance, explorer = random.Random(seed), Explorer(program, folder)
        explorer.read(2)
        for i in range(steps):
            step(explorer, chance)
            if (status := explorer.ended()) is not None:
                return f'ended at step {i}, status {status}'
        explorer.resize(24, 80)
        os.write(explorer.fd, b'\x1b[201~')
        for _ in range(4):
            explorer.read(0.3)
            os.write(explorer.fd, b'\x1b')
        explorer.read(1)
        explorer.out = b''
        os.write(explorer.fd, b'\x0c')
        explorer.read(2)
        answers = len(explorer.out) > 500
        status, end = None, time.monotonic() + 15
        while status is None and time.monotonic() < end:
            os.write(explorer.fd, b'q')
            explorer.read(0.5)
            status = explorer.ended()
        if status is None:
            os.kill(explorer.pid, signal.SIGKILL)
            return 'does not quit'
        modes = {}
        for numbers, what in re.findall(rb'\x1b\[\?([\d;]+)([hl])', explorer.out):
            modes.update((number, what) for number in numbers.split(b';'))
        left = [m.decode() for m in (b'1002', b'1006', b'1049', b'2004') if modes.get(m) == b'h']
        if not answers or status != 0 or left or termios.tcgetattr(explorer.fd) != explorer.modes:
            return f'answers {answers}, status {status}, modes left on {left}'


def main():
    p = argparse.ArgumentParser()
    p.add_argument('program')
    p.add_argument('--steps', type=int, default=1000)
    p.add_argument('--seeds', default='1,2,3')
    a = p.parse_args()
    failed = 0
    for seed in map(int, a.seeds.split(',')):
        began = time.monotonic()
        problem = run(os.path.abspath(a.program), a.steps, seed)
        failed += problem is not None
        print(f'seed {seed}: {problem or f"{a.steps} steps, quit as told, terminal as before"} ({time.monotonic() - began:.0f} s)')
    sys.exit(failed > 0)


main()
