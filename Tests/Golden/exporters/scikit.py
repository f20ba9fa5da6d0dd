"""scikit-learn's pipelines on its 8×8 digits, by skl2onnx."""
import os
import warnings

import numpy as np
from PIL import Image
from skl2onnx import to_onnx
from sklearn import datasets, decomposition, discriminant_analysis, ensemble, linear_model, multiclass, naive_bayes
from sklearn import neighbors, neural_network, pipeline, preprocessing, svm

from .case import export, run

warnings.filterwarnings("ignore")


def digits(classes=10):
    data = datasets.load_digits(n_class=classes)
    return data.data / 16, data.target


def write_pictures(folder, x, y, count=20):
    """The last digits as grey pictures in folders 0, 1, …, and their pixels as the files hold them."""
    rows = sorted(range(len(x) - count, len(x)), key=lambda i: (y[i], i))
    fed = []
    for i in rows:
        os.makedirs(folder.path("pictures", str(y[i])), exist_ok=True)
        grey = (x[i].reshape(8, 8) * 255).round().astype(np.uint8)
        Image.fromarray(grey).save(folder.path("pictures", str(y[i]), f"{i}.png"))
        fed.append(grey.ravel() / np.float32(255))
    folder.truth = [int(y[i]) for i in rows]
    return np.array(fed, np.float32)


def slope(score, x, step=1e-5):
    """Central differences of a function of 64 pixels, in double precision."""
    moved = lambda k, h: score(x + h * np.eye(64)[k][None])
    return np.array([(moved(k, step) - moved(k, -step)) / (2 * step) for k in range(64)]).reshape(1, 8, 8)


def scores_of(model):
    """From pixels to the scores whose order decides, in double precision."""
    if getattr(model, "decision_function_shape", "") == "ovo":
        return closest_pairs(model)
    if hasattr(model, "decision_function"):
        return lambda x: np.atleast_2d(model.decision_function(x))[0] if model.decision_function(x).ndim > 1 \
            else np.array([0, model.decision_function(x)[0]])
    if hasattr(model, "predict_joint_log_proba"):
        return lambda x: model.predict_joint_log_proba(x)[0]
    return lambda x: model.predict_log_proba(x)[0]


def closest_pairs(model):
    """Of a vote of pairs: by how much each class wins the pair that it wins by least, whose zero is the boundary."""
    def scores(x):
        decisions = iter(model.decision_function(x)[0])
        won = np.full((10, 10), np.inf)
        for i in range(10):
            for j in range(i + 1, 10):
                won[i, j] = next(decisions)
                won[j, i] = -won[i, j]
        return won.min(1)
    return scores


def written(model, example, options, path):
    graph = to_onnx(model, example, options={id(model): options})
    with open(path, "wb") as file:
        file.write(graph.SerializeToString())
    return graph.graph.output[1].name


def supported(model, outputs, fed):
    """Two classes: the one score. More: ONNX Runtime counts votes, which the closest pairs have to agree with."""
    if outputs.shape[1] == 2:
        return outputs[:, 1:]
    model.decision_function_shape = "ovo"
    scores = np.array([closest_pairs(model)(row[None].astype(np.float64)) for row in fed])
    assert (scores.argmax(1) == outputs.argmax(1)).all()
    return scores


def finish(folder, model, zipmap=False, classes=10, differentiable=True, head="softmax", options=None):
    """Trains `model`, writes it, and what ONNX Runtime says of it without its ZipMap."""
    x, y = digits(classes)
    model.fit(x[:-100], y[:-100])
    fed = write_pictures(folder, x, y)
    options = {**(options or {}), **({} if isinstance(model, svm.LinearSVC) else {"zipmap": zipmap})}
    written(model, fed[:1], options, folder.model)
    plain = folder.path("plain.onnx")
    scores_name = written(model, fed[:1], {k: v and k != "zipmap" for k, v in options.items()}, plain)
    outputs, derived = run(plain, fed, scores_name), {}
    if isinstance(model, svm.SVC):
        outputs = supported(model, outputs, fed)
    if differentiable:
        score, first = scores_of(model), fed[:1].astype(np.float64)
        own, other = (int(k) for k in np.argsort(-score(first), kind="stable")[:2])
        derived = dict(pair=(own, other), gradient=slope(lambda p: score(p)[other] - score(p)[own], first))
    folder.write(outputs, head, **derived)


def logistic(**options):
    return linear_model.LogisticRegression(max_iter=300, **options)


def case(name, build, **options):
    refused = options.pop("refused", "")
    export(name, "skl2onnx", small=True, refused=refused)(lambda folder: finish(folder, build(), **options))


case("sklearn-logistic", logistic)
case("sklearn-logistic-zipmap", logistic, zipmap=True)
case("sklearn-logistic-binary", logistic, classes=2, head="softmax")
case("sklearn-logistic-binary-zipmap", logistic, classes=2, zipmap=True, head="softmax")
case("sklearn-logistic-raw-scores", logistic, options={"raw_scores": True}, head="logits")
case("sklearn-scaler-logistic", lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), logistic()))
case("sklearn-minmax-mlp", lambda: pipeline.make_pipeline(
    preprocessing.MinMaxScaler(), neural_network.MLPClassifier((32,), max_iter=60, random_state=0)), zipmap=True)
case("sklearn-mlp-tanh", lambda: neural_network.MLPClassifier((32, 16), "tanh", max_iter=60, random_state=0))
case("sklearn-mlp-binary", lambda: neural_network.MLPClassifier((16,), max_iter=60, random_state=0), classes=2, head="softmax")
case("sklearn-pca-logistic", lambda: pipeline.make_pipeline(decomposition.PCA(20, random_state=0), logistic()))
case("sklearn-normalizer-logistic", lambda: pipeline.make_pipeline(preprocessing.Normalizer(), logistic()))
case("sklearn-lda", discriminant_analysis.LinearDiscriminantAnalysis)
case("sklearn-linear-svc", lambda: svm.LinearSVC(random_state=0), head="logits")
case("sklearn-sgd", lambda: linear_model.SGDClassifier(random_state=0), head="logits", zipmap=True)
case("sklearn-ridge", linear_model.RidgeClassifier, head="logits")
case("sklearn-ovr-logistic", lambda: multiclass.OneVsRestClassifier(logistic()), head="shares")
case("sklearn-svc-rbf", lambda: svm.SVC(), head="logits", options={"raw_scores": True})
case("sklearn-svc-rbf-zipmap", lambda: svm.SVC(), head="logits", zipmap=True, options={"raw_scores": True})
case("sklearn-svc-linear", lambda: svm.SVC(kernel="linear"), head="logits", options={"raw_scores": True})
case("sklearn-svc-poly", lambda: svm.SVC(kernel="poly", degree=3), head="logits", options={"raw_scores": True})
case("sklearn-svc-binary", lambda: svm.SVC(), classes=2, head="logits", options={"raw_scores": True})
case("sklearn-gaussian-bayes", naive_bayes.GaussianNB)
case("sklearn-forest", lambda: ensemble.RandomForestClassifier(5, random_state=0), differentiable=False,
     refused="the gradient of trees is zero almost everywhere")
case("sklearn-neighbors", lambda: neighbors.KNeighborsClassifier(3), differentiable=False,
     refused="votes of neighbours have no gradient")
