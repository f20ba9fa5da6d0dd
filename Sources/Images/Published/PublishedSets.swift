extension PublishedSet {
  /// The sets that `data install` knows.
  public static let all: [PublishedSet] = [cifar10, cifar100, mnist, fashionMNIST]

  /// Krizhevsky, Learning multiple layers of features from tiny images, 2009; the binary version.
  public static let cifar10 = PublishedSet(
    name: "cifar10", title: "CIFAR-10", addresses: ["https://www.cs.toronto.edu/~kriz/"],
    sources: [
      Source(
        name: "cifar-10-binary.tar.gz", bytes: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")
    ],
    isArchive: true,
    files: (1...5).map { Installed("data_batch_\($0).bin", 30_730_000) }
      + [Installed("test_batch.bin", 30_730_000), Installed("batches.meta.txt", nil)],
    test: ["test_batch.bin"], train: (1...5).map { "data_batch_\($0).bin" },
    counts: (test: 10_000, train: 50_000))

  /// Krizhevsky, 2009, as ``cifar10``; of the two labels of an image the fine one counts.
  public static let cifar100 = PublishedSet(
    name: "cifar100", title: "CIFAR-100", addresses: ["https://www.cs.toronto.edu/~kriz/"],
    sources: [
      Source(
        name: "cifar-100-binary.tar.gz", bytes: 168_513_733,
        sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")
    ],
    isArchive: true,
    files: [
      Installed("train.bin", 153_700_000), Installed("test.bin", 30_740_000),
      Installed("fine_label_names.txt", nil),
    ],
    test: ["test.bin"], train: ["train.bin"], counts: (test: 10_000, train: 50_000))

  /// LeCun, Cortes and Burges, 1998; the first publisher's server has closed; these two hold the same bytes.
  public static let mnist = PublishedSet(
    name: "mnist", title: "MNIST",
    addresses: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    sources: idx(
      (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
      (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
      (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
      (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")),
    classNames: (0...9).map(String.init))

  /// Xiao, Rasul and Vollgraf, Fashion-MNIST, 2017.
  public static let fashionMNIST = PublishedSet(
    name: "fashion-mnist", title: "Fashion-MNIST",
    addresses: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
    sources: idx(
      (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
      (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
      (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
      (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")),
    classNames: [
      "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
    ])

  /// A set of four gzipped IDX files, installed as they are: training images and labels, test images and labels.
  private init(
    name: String, title: String, addresses: [String], sources: [Source], classNames: [String]
  ) {
    self.init(
      name: name, title: title, addresses: addresses, sources: sources, isArchive: false,
      files: sources.map { Installed($0.name, $0.bytes) }, test: ["t10k-images-idx3-ubyte.gz"],
      train: ["train-images-idx3-ubyte.gz"], counts: (test: 10_000, train: 60_000), classNames: classNames)
  }

  private static func idx(_ files: (bytes: Int, sha256: String)...) -> [Source] {
    let names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]
    return zip(names, files).map { Source(name: "\($0)-ubyte.gz", bytes: $1.bytes, sha256: $1.sha256) }
  }
}
