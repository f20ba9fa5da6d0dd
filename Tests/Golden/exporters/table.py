"""The table of what was judged, in Markdown."""
import json
import os

COLUMNS = ["model", "exporter", "loads", "pixels known from", "outputs", "resized", "truth", "gradient", "section, curvature",
           "build", "remark"]


def figure(value):
    return value if isinstance(value, str) else "–" if value is None else f"{value:.0e}" if value else "0"


def facts(folder, name):
    with open(os.path.join(folder, name, "case.json")) as file:
        return json.load(file)


def ends(judged):
    """How `section` and `curvature` ended."""
    both = [judged.get(step, "–") for step in ("section", "curvature")]
    return both[0] if both[0] == both[1] else ", ".join(both)


def truth(known, judged):
    return judged.get("truth", "right") if known["truth"] is not None and "logits" in judged else "–"


def row(name, known, judged):
    """One line: where a step is refused or wrong, the last column says how."""
    source = judged.get("source", "") + (", guessed" if judged.get("guessed") else "")
    remark = "; ".join(judged["wrong"]) or "right"
    remark += f" ({known['note']})" if known["note"] else ""
    cells = [name, known["exporter"], "yes" if judged.get("loads") else "no", source or "–", figure(judged.get("logits")),
             figure(judged.get("resized")), truth(known, judged), figure(judged.get("gradient")), ends(judged),
             judged["binary"][:8], remark]
    return line(cell.replace("|", "\\|").replace("\n", " ") for cell in cells)


def line(cells):
    return "| " + " | ".join(cells) + " |"


def markdown(folder, results):
    """Totals, what has no answer, and a line a case that was judged; a build is named by the digest of its binary."""
    names = [n for n in sorted(results) if os.path.exists(os.path.join(folder, n, "case.json"))]
    known = {n: facts(folder, n) for n in names}
    right = [n for n in names if not results[n]["wrong"]]
    hopeless = [n for n in names if results[n]["wrong"] and known[n]["refused"]]
    text = [f"{len(right)} of {len(names)} exports are right in every column. {len(hopeless)} of the others have no answer:", ""]
    text += [f"- {n}: {known[n]['refused']}" for n in hopeless]
    text += ["", line(COLUMNS), line("---" for _ in COLUMNS)]
    return "\n".join(text + [row(n, known[n], results[n]) for n in names]) + "\n"
