"""How soon the explorer shows its first frame, answers a key while both cores compute, and how many bytes a frame takes.

usage: latency.py BOUNDARYSCOPE [--size 200x60] [--keys 60] [--colors 256]
Runs the real program under a pseudo-terminal with an empty cache. The answer to a key is timed from writing the key to
the last byte of the burst that follows within 40 ms. Needs Python alone.
"""
import argparse, fcntl, os, pty, re, select, signal, statistics, struct, sys, tempfile, termios, time


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


def main():
    p = argparse.ArgumentParser()
    p.add_argument('program')
    p.add_argument('--size', default='200x60')
    p.add_argument('--keys', type=int, default=60)
    p.add_argument('--colors', default='256')
    a = p.parse_args()
    columns, rows = map(int, a.size.split('x'))
    environment = dict(os.environ, TERM='xterm-256color', LC_ALL='C.UTF-8', XDG_CACHE_HOME=tempfile.mkdtemp())
    began = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        os.execve(a.program, [a.program, 'explore', '--colors', a.colors], environment)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    data, start, end = burst(fd, 10, 0.03)
    print(f'first frame complete after {1e3 * (end - began):.0f} ms')
    deadline = time.perf_counter() + 12
    while time.perf_counter() < deadline:
        burst(fd, 0.5, 0.05)
    os.write(fd, b'3')
    burst(fd, 1, 0.1)
    os.write(fd, b'\r')
    burst(fd, 1, 0.2)
    delays, sizes = [], []
    for i in range(a.keys):
        burst(fd, 0.0, 0.0)
        key = [b'2', b'3', b'4', b'1'][i % 4]
        sent = time.perf_counter()
        os.write(fd, key)
        data, start, end = burst(fd, 1, 0.015)
        if start:
            delays.append(1e3 * (end - sent))
            sizes.append(len(data))
        time.sleep(0.11)
    load = open('/proc/loadavg').read().split()[0]
    print(f'{len(delays)} screen changes at load {load}: median {statistics.median(delays):.1f} ms, '
          f'longest {max(delays):.1f} ms; bytes median {statistics.median(sizes):.0f}, most {max(sizes)}')
    for key, name in [(b'1', 'Pick'), (b'2', 'Section'), (b'3', 'Spectrum'), (b'4', 'Fooling')]:
        os.write(fd, key)
        time.sleep(0.3)
        burst(fd, 0.1, 0.1)
        os.write(fd, b'\x0c')
        data, _, _ = burst(fd, 1, 0.15)
        print(f'a full repaint of {name} at {a.size} in {a.colors} colours: {len(data)} bytes')
    os.kill(pid, signal.SIGTERM)
    burst(fd, 1, 0.3)
    os.waitpid(pid, 0)


main()
