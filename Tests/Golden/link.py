"""What the explorer makes of a slow link: its bytes, its frames, its colours, and how soon a key is answered.

usage: link.py BOUNDARYSCOPE [--size 120x40] [--rates 4 16 64] [--seconds 20] [--busy MODEL]
Runs the real program under a pseudo-terminal whose reader takes so many kB a second, as a modem or a bad SSH connection
does, with work that reports all the time: MODEL is to be large enough to learn from throughout. Needs Python alone.
"""
import argparse, fcntl, os, pty, re, select, signal, struct, tempfile, termios, time


class Link:
    """A pseudo-terminal whose reader takes `rate` bytes a second, a twentieth of them at a time."""

    def __init__(self, program, size, rate, model):
        columns, rows = map(int, size.split('x'))
        environment = dict(os.environ, TERM='xterm-256color', LC_ALL='C.UTF-8', SSH_TTY='/dev/pts/0')
        environment.update(XDG_CACHE_HOME=tempfile.mkdtemp(), COLORTERM='truecolor')
        self.rate, self.taken, self.text = rate, 0, b''
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
            os.execve(program, [program, 'explore', model], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))

    def carry(self, seconds, until=None):
        """Takes bytes for so long, or until a text comes; the seconds that took."""
        began = time.perf_counter()
        start = len(self.text)
        while time.perf_counter() - began < seconds:
            if select.select([self.fd], [], [], 0.05)[0]:
                part = os.read(self.fd, max(1, self.rate // 20))
                self.text += part
                self.taken += len(part)
                time.sleep(len(part) / self.rate)
            if until and until in self.text[start:]:
                return time.perf_counter() - began
        return None if until else seconds

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        deadline = time.time() + 10
        while time.time() < deadline and os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            if select.select([self.fd], [], [], 0.05)[0]:
                try:
                    os.read(self.fd, 65536)
                except OSError:
                    pass


def colours(text):
    kinds = [(rb'[34]8;2;', '24 bit'), (rb'[34]8;5;', '256'), (rb'\x1b\[[\d;]*[349][0-7]m', '16')]
    return next((name for pattern, name in kinds if re.search(pattern, text)), 'no')


def main():
    p = argparse.ArgumentParser()
    p.add_argument('program')
    p.add_argument('--size', default='120x40')
    p.add_argument('--rates', type=float, nargs='+', default=[4, 16, 64, 1000])
    p.add_argument('--seconds', type=float, default=20)
    p.add_argument('--busy', default='nin-shapes')
    a = p.parse_args()
    for rate in a.rates:
        link = Link(a.program, a.size, int(1000 * rate), a.busy)
        link.carry(30, b'UAP')
        os.write(link.fd, b'2')
        link.carry(a.seconds)
        first, before = colours(link.text), len(link.text)
        link.taken, began = 0, time.perf_counter()
        link.carry(a.seconds)
        share = link.taken / (time.perf_counter() - began) / link.rate
        last = colours(link.text[before:])
        os.write(link.fd, b'8')
        answer = link.carry(30, b'elapsed')
        said = re.findall(rb'(?:link [\d.]+ [kM]?B/s, )?[\d.]+ fps(?:, \w+ colours)?', link.text)
        print(f'{rate:g} kB/s: {first} colours at first, {last} later; {100 * share:.0f} % of the link in use; a new screen '
              f'after {"more than 30" if answer is None else f"{answer:.1f}"} s; the footer said '
              f'"{said[-1].decode() if said else ""}"')
        link.end()


main()
