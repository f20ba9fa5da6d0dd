/// A set of images that somebody publishes and that can be installed on this machine.
public struct PublishedSet: Sendable, Equatable {
  /// A file as the publisher offers it.
  public struct Source: Sendable, Equatable {
    /// Its name, under each of ``PublishedSet/addresses``.
    public var name: String
    /// Its size as it is fetched, before anything is unpacked.
    public var bytes: Int
    /// 64 hexadecimal digits.
    public var sha256: String

    public init(name: String, bytes: Int, sha256: String) {
      self.name = name
      self.bytes = bytes
      self.sha256 = sha256
    }
  }

  /// A file as it lies on this machine once the set is installed.
  public struct Installed: Sendable, Equatable {
    public var name: String
    /// nil where any number will do.
    public var bytes: Int?

    public init(_ name: String, _ bytes: Int?) {
      self.name = name
      self.bytes = bytes
    }

    /// Whether it lies in `folder` as it should.
    public func isPresent(in folder: String) -> Bool {
      let size = Folder.size(of: folder + "/" + name)
      return size != nil && (bytes == nil || size == bytes)
    }
  }

  /// What `--images` takes for the images to judge with; `NAME-train` stands for those to train on.
  public var name: String
  /// What people call it.
  public var title: String
  /// Folders of servers that hold ``sources``, the publisher's own first.
  public var addresses: [String]
  /// All that is fetched: one archive, or the files of the set themselves.
  public var sources: [Source]
  /// Whether the one source is a `.tar.gz` whose members are ``files``; else the sources are installed as they are.
  public var isArchive: Bool
  /// All that is installed.
  public var files: [Installed]
  /// Names of the files in ``files`` that hold images, in order.
  public var test: [String]
  /// The same of the images to train on.
  public var train: [String]
  /// Images in the files of ``test``, all together.
  public var testCount: Int
  /// Images in the files of ``train``, all together.
  public var trainCount: Int
  public var classNames: [String]

  /// Bytes to fetch.
  public var bytes: Int { sources.reduce(0) { $0 + $1.bytes } }

  /// What `--images` takes for the images to train on: `NAME-train`.
  public var trainName: String { name + "-train" }

  /// Takes as counts the numbers of images in the files of `test` and of `train`.
  public init(
    name: String, title: String, addresses: [String], sources: [Source], isArchive: Bool, files: [Installed],
    test: [String], train: [String], counts: (test: Int, train: Int), classNames: [String] = []
  ) {
    self.name = name
    self.title = title
    self.addresses = addresses
    self.sources = sources
    self.isArchive = isArchive
    self.files = files
    self.test = test
    self.train = train
    (testCount, trainCount) = counts
    self.classNames = classNames
  }
}

extension PublishedSet {
  /// Whether every file lies in its place with the right number of bytes.
  public func isInstalled(in folder: DataFolder) -> Bool {
    files.allSatisfy { $0.isPresent(in: folder.path(of: self)) }
  }

  /// The images of `NAME` or `NAME-train`; nil where this is neither.
  func open(_ spec: String, in folder: DataFolder?, _ fitting: Fitting) throws(ImageError) -> (any DataSet)? {
    guard spec == name || spec == trainName else { return nil }
    guard let folder, isInstalled(in: folder) else { throw .notInstalled(self) }
    var parts: [any DataSet] = []
    for file in spec == name ? test : train {
      parts.append(try openDataSet(folder.path(of: self) + "/" + file, fitting: fitting))
    }
    return JoinedSet(name: spec, parts, classNames: classNames)
  }
}
