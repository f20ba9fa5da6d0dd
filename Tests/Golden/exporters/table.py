"""The table of what was judged, in Markdown."""
import json
import os


def figure(value):
    return value if isinstance(value, str) else "–" if value is None else f"{value:.0e}" if value else "0"


def facts(folder, name):
    with open(os.path.join(folder, name, "case.json")) as file:
        return json.load(file)


def row(name, known, judged):
    """One line: where a step is refused or wrong, the last column says how."""
    ends = " ".join(judged.get(step, "–") for step in ("section", "curvature"))
    ends = {"ok ok": "ok", "– –": "–"}.get(ends, ends)
    source = judged.get("source", "") + (", guessed" if judged.get("guessed") else "")
    remark = "; ".join(judged["wrong"]) or "right"
    cells = [name, known["exporter"], "yes" if judged.get("loads") else "no", source or "–", figure(judged.get("logits")),
             figure(judged.get("resized")), judged.get("truth", "right") if known["truth"] is not None else "–",
             figure(judged.get("gradient")), ends, remark]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def markdown(folder, results):
    lines = ["| model | exporter | loads | pixels known from | logits | resized | truth | gradient | section, curvature | remark |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    known = {name: facts(folder, name) for name in sorted(results) if os.path.exists(os.path.join(folder, name, "case.json"))}
    lines += [row(name, known[name], results[name]) for name in known]
    right = [n for n in known if not results[n]["wrong"]]
    hopeless = [n for n in known if results[n]["wrong"] and known[n]["refused"]]
    lines += ["", f"{len(right)} of {len(known)} exports are right in all columns; {len(hopeless)} of the others have no answer:", ""]
    lines += [f"- {n}: {known[n]['refused']}" for n in hopeless]
    return "\n".join(lines) + "\n"
