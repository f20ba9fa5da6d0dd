"""Faults of the machine and of other people, while the program works: a table of what was tried and what held.

usage: faults.py BOUNDARYSCOPE [--kills 200] [--only NAME,...]
Works in a folder of its own with a cache of its own. `full` wants to mount a tmpfs, and is left out where that is not
allowed; `clock` wants libfaketime. Ends with status 1 where a row has a fault. Needs Python and numpy.
"""
import argparse, json, os, pathlib, random, shutil, signal, subprocess, sys, tempfile, time

ALLOWED = {0, 64, 65, 66, 69, 73, 130}


class Faults:
    def __init__(self, program, folder, kills):
        self.program, self.folder, self.kills, self.rows = os.path.abspath(program), folder, kills, {}
        self.chance = random.Random(26)
        self.environment = dict(os.environ, XDG_CACHE_HOME=f'{folder}/cache', XDG_DATA_HOME=f'{folder}/data',
                                XDG_CONFIG_HOME=f'{folder}/config', XDG_STATE_HOME=f'{folder}/state', HOME=f'{folder}/home')
        self.asset = pathlib.Path(program).resolve()
        while not (self.asset / 'Assets').is_dir() and self.asset != self.asset.parent:
            self.asset = self.asset.parent
        self.models = self.asset / 'Assets/models'

    def start(self, *words, env=None, shell=None):
        command = ['/bin/sh', '-c', f'{shell}; exec "$0" "$@"', self.program, *map(str, words)] if shell else [self.program, *map(str, words)]
        return subprocess.Popen(command, env=dict(self.environment, **(env or {})), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def run(self, *words, timeout=90, **options):
        process = self.start(*words, **options)
        try:
            out, err = process.communicate(timeout=timeout)
            return process.returncode, out, err.decode('utf8', 'replace')
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return 'hang', b'', ''

    def note(self, name, held, what=''):
        row = self.rows.setdefault(name, [0, 0, ''])
        row[0] += 1
        row[1] += not held
        if not held and not row[2]:
            row[2] = what[:150].replace('\n', ' | ')

    def ends_well(self, name, result, wanted=None):
        status, _, err = result
        lines = err.strip('\n').split('\n') if err.strip() else []
        held = status in ({wanted} if wanted is not None else ALLOWED) and (status == 0 or len(lines) == 1 and lines[0].startswith('boundaryscope: '))
        self.note(name, held, f'status {status}: {err}')

    # MARK: rows

    def kill(self):
        """kill -9 at any moment; the same command afterwards gives the bytes of one that was never killed"""
        images = ['--images', 'shapes']
        jobs = {
            'perturb': ['perturb', 'lenet-shapes', *images, '--range', '0..40'],
            'curvature': ['curvature', 'lenet-shapes', *images, '--range', '0..10', '--step', '2', '--eigenvectors', '2', '--iterations', '12', '--climb', '6'],
            'universal': ['universal', 'lenet-shapes', *images, '--range', '0..40', '--radius', '2', '--passes', '2'],
        }
        right, seconds = {}, {}
        for name, words in jobs.items():
            begin = time.time()
            status, out, err = self.run(*words, '--json', '--quiet', '--no-cache', '--output', f'{self.folder}/right-{name}.npy')
            right[name], seconds[name] = (out, open(f'{self.folder}/right-{name}.npy', 'rb').read()), time.time() - begin
        for i in range(self.kills):
            name = list(jobs)[i % len(jobs)]
            output = f'{self.folder}/out-{name}.npy'
            process = self.start(*jobs[name], '--json', '--quiet', '--output', output)
            time.sleep(self.chance.random() * seconds[name])
            process.kill()
            process.communicate()
            if os.path.exists(output):
                self.note('kill -9: an output is whole', open(output, 'rb').read() == right[name][1], 'another array')
            if i % 3 == 2 or self.chance.random() < 0.3:
                status, out, err = self.run(*jobs[name], '--json', '--quiet', '--output', output)
                same = (out, open(output, 'rb').read() if os.path.exists(output) else b'') == right[name]
                self.note('kill -9: resumed to equal bytes', status == 0 and same, f'{name}: status {status} {err}')
                shutil.rmtree(f'{self.folder}/cache', ignore_errors=True)
        self.run('perturb', 'lenet-shapes', *images, '--range', '0..2', '--json', '--quiet')
        left = [p for p in pathlib.Path(self.folder).rglob('drafts/*')]
        self.note('kill -9: drafts are swept', not left, f'{len(left)} left')
        self.kill_exports()

    def kill_exports(self):
        """kill -9 while a session writes its picture, text, numbers and arrays: each file is whole or not there"""
        script = f'{self.folder}/export.session'
        open(script, 'w').write('model lenet-shapes\nimages shapes\nshow section\nwait\nsave a\nsave b\n')
        contents = lambda place: {p.relative_to(place).as_posix(): p.read_bytes() for p in pathlib.Path(place).rglob('*') if p.is_file()}
        command = lambda place: ['--play', script, '--batch', '--json', '--no-cache', '--output', place]
        right, begin = f'{self.folder}/right-export', time.time()
        status, out, err = self.run(*command(right))
        seconds, wanted = time.time() - begin, contents(right) if os.path.isdir(right) else {}
        self.note('kill -9: exports', status == 0 and len(wanted) > 3, f'{status} {err}')
        for i in range(self.kills // 4):
            place = f'{self.folder}/export-{i}'
            process = self.start(*command(place))
            # Most of the time goes into the section; the files come at the end.
            time.sleep(seconds * (0.5 + 0.5 * self.chance.random()))
            process.kill()
            process.communicate()
            found = contents(place) if os.path.isdir(place) else {}
            half = [name for name in found if name in wanted and found[name] != wanted[name]]
            self.note('kill -9: an export is whole', not half, ' '.join(half))
            shutil.rmtree(place, ignore_errors=True)

    def full(self):
        """a full disk under the cache, an output, exports, downloads' folder"""
        place = f'{self.folder}/small'
        os.makedirs(place)
        if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place], capture_output=True).returncode:
            return
        try:
            words = ['perturb', 'lenet-shapes', '--images', 'shapes', '--range', '0..40', '--json', '--quiet']
            right = self.run(*words, '--no-cache')[1]
            status, out, err = self.run(*words, env=dict(XDG_CACHE_HOME=place))
            self.note('full disk: cache', status == 0 and out == right, f'{status} {err}')
            self.ends_well('full disk: output', self.run(*words, '--no-cache', '--output', f'{place}/o.npy'), 73)
            script = f'{self.folder}/s.session'
            open(script, 'w').write('model lenet-shapes\nimages shapes\nwait\nsave a\n')
            self.ends_well('full disk: export', self.run('--play', script, '--batch', '--json', '--no-cache', '--output', f'{place}/x'), 73)
            self.ends_well('full disk: figure', self.run('reproduce', 'fig6', '--output', f'{place}/f', '--quiet', '--no-cache', timeout=300), 73)
            self.ends_well('full disk: data', self.run('data', 'export', 'shapes', '--output', f'{place}/e.npy'), 73)
            files = [p for p in pathlib.Path(place).rglob('*') if p.is_file() and 'boundaryscope' not in str(p)]
            self.note('full disk: nothing half is left', not files, str(files))
        finally:
            subprocess.run(['umount', place])

    def places(self):
        """HOME and XDG folders that are unset, empty, relative, files, missing"""
        open(f'{self.folder}/file', 'w').write('x')
        names = ['XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME']
        right = self.run('predict', 'lenet-shapes', '--images', 'shapes', '--range', '0..4', '--json', '--no-cache')[1]
        for value in ['', 'relative/x', f'{self.folder}/file', '/proc/1', '/dev/full', '/proc/none/deep']:
            for which in (names, ['HOME'], names + ['HOME']):
                status, out, err = self.run('predict', 'lenet-shapes', '--images', 'shapes', '--range', '0..4', '--json', env={n: value for n in which})
                self.note('HOME and XDG', status == 0 and out == right, f'{value} {status} {err}')
        self.note('HOME and XDG', not os.path.exists('relative'), 'a relative folder was made where the program stood')

    def streams(self):
        for redirection in ['2>/dev/full', '2>&-', '<&-', '2>&- <&-']:
            status, _, _ = self.run('predict', 'none.onnx', '--images', 'shapes', shell=f'exec {redirection}')
            self.note('closed and full streams', status == 66, f'{redirection}: {status}')
        for redirection in ['>/dev/full', '>&-']:
            for words in (['config'], ['--help'], ['data', 'list'], ['predict', 'lenet-shapes', '--images', 'shapes', '--range', '0..4']):
                status, _, _ = self.run(*words, shell=f'exec {redirection}')
                self.note('closed and full streams', status == 73, f'{redirection} {words}: {status}')

    def limits(self):
        for n in (4, 5, 6, 8, 12, 16, 24, 31):
            self.ends_well('ulimit -n', self.run('predict', 'lenet-shapes', '--images', 'shapes', '--range', '0..4', shell=f'ulimit -n {n}'), 69)
        for megabytes in range(260, 900, 40):
            self.ends_well('ulimit -v', self.run('predict', 'resnet18-cifar10', '--images', 'shapes', '--range', '0..300', '--no-cache', '--quiet',
                                                 shell=f'ulimit -c 0; ulimit -v {megabytes << 10}'))

    def writers(self):
        """models that are cut, replaced, appended to, rewritten while they are read"""
        path, good = f'{self.folder}/m.onnx', (self.models / 'resnet18-cifar10.onnx').read_bytes()
        shutil.copy(self.models / 'resnet18-cifar10.json', f'{self.folder}/m.json')
        for i in range(60):
            open(path, 'wb').write(good)
            process = self.start('predict', path, '--images', 'shapes', '--range', '0..1', '--no-cache', '--quiet')
            time.sleep(self.chance.random() * 0.4)
            how = i % 5
            if how == 0: os.truncate(path, self.chance.randrange(len(good)))
            elif how == 1:
                open(path + '.new', 'wb').write(good[: len(good) // 2])
                os.replace(path + '.new', path)
            elif how == 2: open(path, 'ab').write(b'x' * 1000)
            elif how == 3: open(path, 'wb').write(good[:4096])
            else: os.unlink(path)
            out, err = process.communicate(timeout=60)
            self.ends_well('files that change', (process.returncode, out, err.decode('utf8', 'replace')))

    def crowd(self):
        words = ['perturb', 'lenet-shapes', '--images', 'shapes', '--range', '0..20', '--json', '--quiet', '--threads', '1']
        right = self.run(*words, '--no-cache')[1]
        for count in (2, 4, 8, 12):
            shutil.rmtree(f'{self.folder}/cache', ignore_errors=True)
            crowd = [self.start(*words) for _ in range(count)]
            for process in crowd:
                out, err = process.communicate(timeout=300)
                self.note('processes on one cache', process.returncode == 0 and out == right, f'{process.returncode} {err}')

    def signals(self):
        words = ['perturb', 'lenet-shapes', '--images', 'shapes', '--range', '0..40', '--json', '--quiet', '--no-cache']
        right = self.run(*words)[1]
        for i in range(20):
            process = self.start(*words)
            for _ in range(4):
                time.sleep(self.chance.random() * 0.2)
                process.send_signal(signal.SIGSTOP)
                time.sleep(0.02)
                process.send_signal(signal.SIGCONT)
            out, err = process.communicate(timeout=90)
            self.note('SIGSTOP and SIGCONT', process.returncode == 0 and out == right, f'{process.returncode} {err}')
        for number, status in [(signal.SIGINT, 130), (signal.SIGHUP, -1), (signal.SIGTERM, -15)]:
            for i in range(10):
                process = self.start(*words)
                time.sleep(0.05 + self.chance.random() * 0.8)
                process.send_signal(number)
                out, err = process.communicate(timeout=90)
                self.note('INT, HUP and TERM', process.returncode in (status, -number, 0), f'{number}: {process.returncode} {err}')

    def clock(self):
        """the clock jumps by years between two runs on one cache"""
        if not shutil.which('faketime'):
            return
        words = ['perturb', 'lenet-shapes', '--images', 'shapes', '--range', '0..20', '--json', '--quiet']
        right = self.run(*words, '--no-cache')[1]
        for when in ['2000-01-01', '2037-12-31', '-3y', '+10y', '1970-01-02']:
            result = subprocess.run(['faketime', when, self.program, *words], env=self.environment, capture_output=True, timeout=90)
            self.note('clock jumps', result.returncode == 0 and result.stdout == right, f'{when}: {result.returncode} {result.stderr[:99]}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--kills', type=int, default=200)
    parser.add_argument('--only', default='kill,full,places,streams,limits,writers,crowd,signals,clock')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        faults = Faults(options.program, folder, options.kills)
        for name in options.only.split(','):
            getattr(faults, name)()
    print(f'{"what":34} {"tried":>6} {"faults":>7}')
    for name, (tried, wrong, what) in faults.rows.items():
        print(f'{name:34} {tried:6} {wrong:7}  {what}')
    sys.exit(any(wrong for _, wrong, _ in faults.rows.values()))


main()
