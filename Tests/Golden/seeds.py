"""Makes the seeds of the fuzzers: small inputs of every kind that each target reads.

usage: seeds.py FOLDER        writes FOLDER/<target>/...; Tests/Fuzz/Seeds was made so
Needs numpy and Pillow, and the models of Tests/ONNXTests/Fixtures.
"""
import gzip, io, json, os, pathlib, pickle, random, shutil, struct, sys, tarfile, zipfile
import numpy as np
from PIL import Image

root, out = pathlib.Path(__file__).resolve().parents[2], pathlib.Path(sys.argv[1])


def put(target, name, data):
    (out / target).mkdir(parents=True, exist_ok=True)
    (out / target / name).write_bytes(data)


def npy(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


rng = np.random.default_rng(26)
for model in sorted((root / 'Tests/ONNXTests/Fixtures').glob('*.onnx')):
    if model.stat().st_size < 12_000:
        put('model', model.name, model.read_bytes())
for i in range(24):
    put('graph', f'{i:02}', random.Random(i).randbytes(40 + 8 * i))

pixels = rng.integers(0, 256, (6, 5, 3), dtype=np.uint8)
for suffix, mode in [('png', 'RGB'), ('png', 'P'), ('png', 'LA'), ('jpg', 'RGB'), ('jpg', 'CMYK'), ('bmp', 'RGB'), ('gif', 'P'),
                     ('webp', 'RGB'), ('tiff', 'RGB'), ('ppm', 'RGB'), ('pgm', 'L')]:
    file = io.BytesIO()
    kind = {'jpg': 'JPEG', 'tiff': 'TIFF', 'ppm': 'PPM', 'pgm': 'PPM'}.get(suffix, suffix.upper())
    Image.fromarray(pixels).convert(mode).save(file, kind)
    put('picture', f'{mode}.{suffix}', file.getvalue())
put('picture', 'plain.ppm', b'P3 2 1 255\n1 2 3 4 5 6\n')

images = rng.random((2, 3, 4, 4)).astype('f4')
for name, array in [('f4', images), ('f8', images.astype('f8')), ('u1', (images * 255).astype('u1')), ('i8', (images * 9).astype('i8')),
                    ('fortran', np.asfortranarray(images)), ('flat', images.reshape(2, 48)), ('half', images.astype('f2')), ('flags', images > .5)]:
    put('array', f'{name}.npy', npy(array))
for name, kind in [('stored.npz', np.savez), ('packed.npz', np.savez_compressed)]:
    file = io.BytesIO()
    kind(file, x_test=(images * 255).astype('u1'), y_test=np.array([0, 1]))
    put('archive', name, file.getvalue())
picture = (out / 'picture/RGB.png').read_bytes()
file = io.BytesIO()
with zipfile.ZipFile(file, 'w') as archive:
    for k in 'ab':
        archive.writestr(f'{k}/1.png', picture)
put('archive', 'pictures.zip', file.getvalue())
file = io.BytesIO()
with tarfile.open(fileobj=file, mode='w:gz') as archive:
    for k in 'ab':
        entry = tarfile.TarInfo(f'{k}/1.png')
        entry.size = len(picture)
        archive.addfile(entry, io.BytesIO(picture))
put('archive', 'pictures.tar.gz', file.getvalue())

idx = bytes([0, 0, 8, 3]) + struct.pack('>III', 2, 4, 4) + bytes(range(32))
sets = [idx, gzip.compress(idx, mtime=0), bytes(3073), b'MATLAB 5.0 MAT-file'.ljust(124) + b'\x00\x01IM' + bytes(16),
        pickle.dumps({b'data': np.zeros((1, 3072), 'u1'), b'labels': [3]}, 2), b'file,label\na.png,0\n', b'a.png 0\n', idx]
for i, data in enumerate(sets):
    put('set', f'{i}', bytes([i]) + data)

put('profile', 'profile.json', json.dumps(dict(mean=[.5] * 3, std=[.5] * 3, scale='unit', channels='bgr', resize=8, crop=8, classes=['a', 'b'])).encode())
for name, text in [('names.txt', 'ant\nbee\n'), ('python.txt', "{0: 'ant', 1: 'bee'}"), ('yaml', 'names:\n  0: ant\n  1: bee\n'),
                   ('map.txt', "item { id: 1 name: 'ant' }\n"), ('wordnet.txt', 'n01440764 tench, Tinca tinca\n')]:
    put('profile', name, text.encode())

put('script', 'tour', (root / 'Assets/tours/boundary.tour').read_bytes()[:3000])
put('script', 'session', b'size 120x40\nmodel lenet-shapes\nimages shapes\nwait\nshow section\nkeys j j\ndo zoom-in\nxi 2\nexpect cat\nsave a\n')
for i in range(3):
    put('entry', f'{i}', bytes([i]) + b'{"arrays":[{"digest":"0","name":"basis","shape":[2,2]}],"digest":"0","key":"{}","outcome":"0"}')
for name, text in [('keys', b'j1\x1b[A\x1bOP\t\r\x00q'), ('mouse', b'\x1b[<0;10;5M\x1b[<0;10;5m\x1b[M !!'), ('paste', b'\x1b[200~a\nb\x1b[201~'),
                   ('answers', b'\x01\x1b]11;rgb:ffff/0000/0000\x07\x1b[?62;4c'), ('text', 'ξ/κ:é'.encode() + b'\xff\xc3')]:
    put('terminal', name, text)
