internal import Dispatch
internal import Drawing
internal import Experiments
internal import Explorer
internal import Foundation
internal import Images
internal import Jobs
internal import Networks
internal import ONNX
internal import Synchronization
internal import Tensors
internal import Terminal

/// What the explorer works with: the opened models and images, and the queue of jobs.
///
/// Files are opened and pictures made on a queue of their own; nothing here keeps the screen waiting. Everything is
/// answered by messages.
final class Laboratory: Sendable {
  private struct Opened {
    var models: [String: OpenModel] = [:]
    var sets: [String: any DataSet] = [:]
    var current: OpenModel?
    var set: (any DataSet)?
    /// What the set was opened by; opened anew for each model, which may take images of another size.
    var spec: String
  }

  private let options: SessionOptions
  private let post: @Sendable (Message) -> Void
  private let opened: Mutex<Opened>
  private let cache = ImageCache()
  private let jobs: JobQueue<Finding>
  private let loading = DispatchQueue(label: "boundaryscope.loading")
  private let preparing = DispatchQueue(label: "boundaryscope.pictures")
  private let installer: Installer
  private let aid = SectionAid()
  private let watch = FolderWatch()

  init(_ options: SessionOptions, post: @escaping @Sendable (Message) -> Void) {
    self.options = options
    self.post = post
    opened = Mutex(Opened(spec: options.images))
    installer = Installer(post: post)
    Threads.prepare { WorkerThread.prepare() }
    jobs = JobQueue(
      prepareThread: { WorkerThread.prepare() },
      deliver: { post(.job($0)) })
  }

  /// Lists what there is, and opens the first model with its images.
  func begin() {
    let library = Library(folders: options.folders)
    load { [self] in
      post(.library(models: library.models(inspected: false), sets: library.sets))
      load(options.model, options.preprocessing)
      post(.library(models: library.models(inspected: true), sets: library.sets))
      post(.begun)
    }
    watch.begin(options.folders) { [self] folder, names in
      load { [self] in listAnew(folder, names) }
    }
  }

  /// Lists what there is after files of a folder were written, renamed or removed; new models are told of.
  private func listAnew(_ folder: URL, _ names: Set<String>) {
    let library = Library(folders: options.folders)
    let models = library.models(inspected: true)
    post(.library(models: models, sets: library.sets))
    for entry in models where names.contains(URL(filePath: entry.path).lastPathComponent) {
      guard URL(filePath: entry.path).deletingLastPathComponent().path == folder.path else { continue }
      post(.modelAppeared(entry, isWatched: options.watched.contains(folder)))
    }
  }

  /// Where the person looks in a section.
  func look(s: Double, t: Double) { aid.look(at: (s, t)) }

  /// Cancels everything; returns soon, whatever runs.
  func end() {
    watch.end()
    installer.cancel()
    jobs.shutdown()
  }

  /// Fetches a set and opens it, where it is what the open model was trained on.
  func install(_ name: String) {
    installer.install(name) { [self] in
      load { [self] in
        let library = Library(folders: options.folders)
        post(.library(models: library.models(inspected: true), sets: library.sets))
        if opened.withLock({ $0.current?.profile.dataset }) == name { load(imagesAt: name) }
      }
    }
  }

  func cancelInstallation() { installer.cancel() }

  /// Opens a file, or a model that is listed by its name.
  func openModel(_ path: String) {
    let file = file(named: path)
    load { [self] in load(file, Profile()) }
  }

  private func file(named path: String) -> String {
    let named = options.folders.lazy.map { $0.appending(path: "\(path).onnx").path }
    if FileManager.default.fileExists(atPath: path) { return path }
    return named.first { FileManager.default.fileExists(atPath: $0) } ?? path
  }

  /// Opens a model beside the open one, with the images that are open, as it takes them.
  func openCompared(_ path: String) {
    let file = file(named: path)
    load { [self] in
      refusing {
        guard FileManager.default.fileExists(atPath: file) else {
          throw Refusal(.noSuchFile, "\(path): no listed model, and no such file")
        }
        let model = try OpenModel(path: file, options: Profile())
        let spec = opened.withLock { $0.spec }
        let set = try model.dataSet(spec)
        let digest = try Self.digest(of: set, model)
        opened.withLock {
          $0.models[model.classifier.digest] = model
          $0.sets[digest] = $0.sets[digest] ?? set
        }
        post(
          .comparedOpened(
            Self.description(of: model, file), images: digest, spec: spec))
      }
    }
  }

  private static func description(of model: OpenModel, _ path: String) -> OpenedModel {
    OpenedModel(
      entry: Library.entry(forModelAt: path, model.profile, inspected: true), classifier: model.classifier,
      inputShape: model.imageShape.extents, classCount: model.classifier.network.classCount)
  }

  /// Reads the bundled tour, or the one that was named; it begins at `step`, else where it was left.
  func openTour(at step: Int?) {
    load { [self] in
      refusing {
        let tour = try TourFile.open(options.tour, in: options.assets)
        post(.tour(tour, at: step ?? TourFile.place(of: tour.name)))
      }
    }
  }

  /// Opens files and makes pictures behind each other, beside everything else.
  private func load(_ body: @escaping @Sendable () -> Void) {
    loading.async {
      WorkerThread.prepare()
      body()
    }
  }

  func openImages(_ spec: String) { load { [self] in load(imagesAt: spec) } }

  /// Makes small pictures, and finds the cells that they take in these areas: a screen full of them takes longer than a
  /// key may.
  func showThumbnails(_ range: Range<Int>, preparing areas: [Size] = [], _ appearance: Appearance = .plain) {
    load { [self] in
      guard let set = opened.withLock({ $0.set }) else { return }
      let shown = range.clamped(to: 0..<set.count)
      let thumbnails = Dictionary(
        uniqueKeysWithValues: shown.compactMap { i in (try? set.image(i)).map { (i, Thumbnail($0)) } })
      prepare(thumbnails, Array(areas.prefix(1)), appearance)
      post(.thumbnails(thumbnails))
      preparing.async { [self] in
        WorkerThread.prepare()
        prepare(thumbnails, Array(areas.dropFirst()), appearance)
      }
    }
  }
}

extension Laboratory {
  private func prepare(_ thumbnails: [Int: Thumbnail], _ areas: [Size], _ appearance: Appearance) {
    for (_, thumbnail) in thumbnails.sorted(by: { $0.key < $1.key }) {
      for area in areas { Picture(thumbnail).prepare(in: area, appearance) }
    }
  }
}

// MARK: - Jobs

extension Laboratory {
  /// Queues the work; nil, and a sentence, where its model or its images are no longer open.
  func submit(_ request: Request) -> JobID? {
    let parts = opened.withLock { opened -> (OpenModel, any DataSet, OpenModel?)? in
      guard let model = opened.models[request.model], let set = opened.sets[request.images] else {
        return nil
      }
      guard let judge = request.judge else { return (model, set, nil) }
      return opened.models[judge].map { (model, set, $0) }
    }
    guard let (model, set, judge) = parts else {
      post(.refused("\(request.title): its model or its images are no longer open"))
      return nil
    }
    let run = AnalysisRun(
      analysis: request.analysis, model: model, judge: judge, set: set, spec: opened.withLock { $0.spec },
      setDigest: request.images, store: options.store,
      cache: cache, aid: aid)
    return jobs.submit(title: request.title, priority: request.priority) { try run($0) }
  }

  func cancel(_ id: JobID) { jobs.cancel(id) }

  func cancelAll() { jobs.cancelAll() }
}

// MARK: - Opening

extension Laboratory {
  private func load(_ path: String, _ profile: Profile) {
    refusing {
      let model = try OpenModel(path: path, options: profile)
      opened.withLock {
        $0.models[model.classifier.digest] = model
        $0.current = model
      }
      post(.modelOpened(Self.description(of: model, path)))
      load(imagesAt: Library.images(for: model, instead: opened.withLock { $0.spec }))
    }
  }

  private func load(imagesAt spec: String) {
    refusing {
      guard let model = opened.withLock({ $0.current }) else { throw Refusal(.usage, "open a model first") }
      let set = try model.dataSet(spec)
      let truth = try model.truth(of: set, 0..<set.count) ?? []
      let digest = try Self.digest(of: set, model)
      opened.withLock {
        $0.sets[digest] = set
        $0.set = set
        $0.spec = spec
      }
      post(
        .imagesOpened(
          OpenedImages(
            name: set.name, spec: spec, count: set.count, classNames: set.classNames, truth: truth,
            digest: digest)))
    }
  }

  /// Tells sets of this session apart; what is kept beyond it goes by the pixels of the images used.
  private static func digest(of set: any DataSet, _ model: OpenModel) throws -> String {
    let sample = try set.images(0..<min(set.count, 8))
    var digest = Digest()
    digest.update(Array("\(set.name) \(set.count)".utf8))
    digest.update(sample)
    return digest.hexadecimal
  }

  private func refusing(_ body: () throws -> Void) {
    do { try body() } catch { post(.refused("\(error)")) }
  }
}
