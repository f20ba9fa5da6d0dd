"""Our figures beside matplotlib's rendering of the same numbers.

usage: beside.py FOLDER OUT.png [FIGURE ...]      fig5 fig7a fig7b fig9 fig10 where not said
FOLDER is what `boundaryscope reproduce FIGURE --output FOLDER` wrote: FIGURE.json and FIGURE.png. Each row of the picture
has ours at the left and matplotlib's at the right, at the same width and resolution. Needs Python, numpy, Pillow and
matplotlib 3.
"""
import io, json, pathlib, sys

import matplotlib
import numpy as np
from PIL import Image

matplotlib.use('Agg')
import matplotlib.pyplot as plt

plt.rcParams.update({'font.size': 7.5, 'axes.linewidth': .7, 'lines.linewidth': 1.1, 'lines.markersize': 3.5})
COLUMN, PAGE = 8.5 / 2.54, 17.4 / 2.54


def sections(data, figure):
    data = [one for row in data for one in (row if isinstance(row, list) else [row])]
    axes = figure.subplots((len(data) + 1) // 2, 2, squeeze=False).ravel()
    for axis, one in zip(axes, data):
        s, t = np.array(one['axes']['s']), np.array(one['axes']['t'])
        axis.pcolormesh(s, t, np.array(one['label']), cmap='tab10', vmin=0, vmax=9, alpha=.6)
        axis.contour(s, t, np.array(one['margin'], float), levels=[0], colors='k')
        axis.plot([0, 0], [0, one['norm']], 'k.')
        axis.set(xlabel=f"s along {one['along']}, px", ylabel='t along r, px', aspect='equal')


def bent(data, figure):
    axis = figure.subplots()
    for one in data:
        m, mean, spread = (np.array([p[k] for p in one['curve']]) for k in ('dimension', 'meanNormalised', 'deviationNormalised'))
        line, = axis.plot(m, mean, 'o-', label=one['name'])
        axis.fill_between(m, mean - spread, mean + spread, color=line.get_color(), alpha=.16)
    axis.set(xscale='log', xlabel='dimension m', ylabel='$K_S(x)/\\|\\nabla F\\|$, 1/px')
    axis.legend()


def fooled(data, figure):
    axis = figure.subplots()
    for one in data['curves']:
        m, mean, spread = (np.array([p[k] for p in one['curve']]) for k in ('dimension', 'mean', 'deviation'))
        line, = axis.plot(m, 100 * mean, 'o-', label=one['name'])
        axis.fill_between(m, 100 * (mean - spread), 100 * (mean + spread), color=line.get_color(), alpha=.16)
    axis.axhline(100 * data['universal']['validation']['rate'], color='gray', ls='--', label='UAP')
    axis.set(xscale='log', xlabel='dimension m', ylabel='fooling rate, %')
    axis.legend()


def products(data, figure):
    axes = figure.subplots(1, len(data), squeeze=False)[0]
    for axis, one in zip(axes, data):
        image = axis.imshow(np.abs(np.array(one['products'], float)), vmin=0, vmax=1, cmap='viridis')
        axis.set_title(one['source'])
        figure.colorbar(image, ax=axis, fraction=.046)


def angles(data, figure):
    data = data[0]
    axis = figure.subplots()
    for values, name, look in ((data['cosines'], f"{data['first']} × {data['second']}", 'o-'), (data['random'], 'random', 'v--')):
        axis.plot(range(1, len(values) + 1), values, look, label=name)
    axis.set(xlabel='principal angle', ylabel='cosine', ylim=(0, 1))
    axis.legend()


FIGURES = {'fig5': (PAGE, 1, sections), 'fig7a': (COLUMN, .75, bent), 'fig7b': (COLUMN, .75, fooled),
           'fig9': (PAGE, .33, products), 'fig10': (COLUMN, .75, angles)}


def rendered(name, data, width):
    size, share, draw = FIGURES[name]
    figure = plt.figure(figsize=(size, share * size), layout='constrained')
    draw(data, figure)
    file = io.BytesIO()
    figure.savefig(file, dpi=300)
    plt.close(figure)
    image = Image.open(file).convert('RGB')
    return image.resize((width, round(image.height * width / image.width)))


def main():
    folder, out = pathlib.Path(sys.argv[1]), sys.argv[2]
    rows = []
    for name in sys.argv[3:] or FIGURES:
        ours = Image.open(folder / f'{name}.png').convert('RGB')
        theirs = rendered(name, json.load(open(folder / f'{name}.json'))['data'], ours.width)
        row = Image.new('RGB', (2 * ours.width + 60, max(ours.height, theirs.height)), 'white')
        row.paste(ours, (0, 0))
        row.paste(theirs, (ours.width + 60, 0))
        rows.append(row)
    page = Image.new('RGB', (max(r.width for r in rows), sum(r.height + 40 for r in rows)), 'white')
    y = 0
    for row in rows:
        page.paste(row, (0, y))
        y += row.height + 40
    page.save(out)


main()
