internal import Dispatch
internal import Drawing
internal import Experiments
internal import Explorer
internal import Files
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
  private let options: SessionOptions
  private let post: @Sendable (Message) -> Void
  private let opened: Mutex<OpenedParts>
  private let cache = ImageCache()
  private let jobs: JobQueue<Finding>
  private let loading = DispatchQueue(label: "boundaryscope.loading")
  private let preparing = DispatchQueue(label: "boundaryscope.pictures")
  private let recalling = DispatchQueue(label: "boundaryscope.earlier", qos: .utility)
  private let installer: Installer
  private let aid = SectionAid()
  private let watch = FolderWatch()
  private let library: Library
  private let readings = Readings()
  private let refusals = Mutex<[Opening: ExitStatus]>([:])

  init(_ options: SessionOptions, post: @escaping @Sendable (Message) -> Void) {
    self.options = options
    self.post = post
    library = Library(folders: options.folders)
    opened = Mutex(OpenedParts(spec: options.images, isNamed: options.areImagesNamed))
    installer = Installer(post: post)
    let memory = FreedMemory()
    jobs = JobQueue(
      prepareThread: { WorkerThread.prepare() },
      deliver: { update in
        post(.job(update))
        if update.state.isFinal { memory.jobEnded() }
      })
  }

  /// Lists what there is, and opens the first model with its images.
  func begin() {
    load { [self] in
      post(.library(models: library.models(inspected: false), sets: library.sets))
      load(options.model, as: options.model)
      post(.library(models: library.models(inspected: true), sets: library.sets))
      post(.begun)
    }
    watch.begin(options.folders) { [self] folder, names in
      load { [self] in listAnew(folder, names) }
    }
  }

  /// Lists what there is after files of a folder were written, renamed or removed; new models are told of.
  ///
  /// Those that are being written are told of when they are whole.
  private func listAnew(_ folder: URL, _ names: Set<String>) {
    library.forget(names, in: folder)
    let models = library.models(inspected: true)
    post(.library(models: models, sets: library.sets))
    var unfinished: Set<String> = []
    for entry in models where names.contains(URL(filePath: entry.path).lastPathComponent) {
      let file = URL(filePath: entry.path)
      guard file.deletingLastPathComponent().path == folder.path else { continue }
      if library.isWhole(entry.path) {
        post(.modelAppeared(entry, isWatched: options.watched.contains(folder)))
      } else {
        unfinished.insert(file.lastPathComponent)
      }
    }
    if !unfinished.isEmpty { watch.tellAgain(of: unfinished, in: folder) }
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
        post(.library(models: library.models(inspected: true), sets: library.sets))
        if opened.withLock({ $0.current?.profile.dataset }) == name { load(imagesAt: name) }
      }
    }
  }

  func cancelInstallation() { installer.cancel() }

  /// Opens a file, or a model that is listed by its name.
  func openModel(_ path: String) {
    let file = file(named: PathCompletion.expanded(path))
    load { [self] in load(file, as: path) }
  }

  /// What the command line says about preprocessing belongs to the model that it names, whenever that is opened.
  ///
  /// What was chosen on the screen goes before it.
  private func profile(forModelAt file: String) -> Profile {
    (isNamed(file) ? options.preprocessing : Profile()).overridden(by: readings.profile(of: file))
  }

  /// Reads the pictures of a model another way from now on, and opens both anew.
  func read(_ path: String, _ reading: ModelReading) {
    readings.choose(reading, for: path)
    load { [self] in load(path, as: path) }
  }

  /// Writes how the pictures of a model are read into the profile beside it.
  func keepReading(_ path: String, _ reading: ModelReading) {
    readings.choose(reading, for: path)
    let profile = readings.profile(of: path)
    load { [self] in
      do {
        let file = try Profile.write(profile, besideModelAt: path)
        post(.said("Written: \(file)", isProblem: false))
        load(path, as: path)
      } catch {
        post(.said("\(error)", isProblem: true))
      }
    }
  }

  private func isNamed(_ file: String) -> Bool {
    URL(filePath: file).standardizedFileURL == URL(filePath: options.model).standardizedFileURL
  }

  private func file(named path: String) -> String {
    let named = options.folders.lazy.map { $0.appending(path: "\(path).onnx").path }
    if FileManager.default.fileExists(atPath: path) { return path }
    return named.first { FileManager.default.fileExists(atPath: $0) } ?? path
  }

  /// Opens a model beside the open one, with the images that are open, as it takes them.
  func openOther(_ path: String) {
    let file = file(named: path)
    load { [self] in
      refusing(.other(path)) {
        guard FileManager.default.fileExists(atPath: file) else {
          throw Refusal(.noSuchFile, "\(path): not a listed model, and no such file")
        }
        let spec = opened.withLock { $0.spec }
        let model = try OpenModel(path: file, options: profile(forModelAt: file), sizedBy: spec)
        let set = try model.dataSet(spec)
        let digest = try Self.digest(of: set, spec: spec, model)
        opened.withLock { $0.open(model, beside: set, digest) }
        let description = description(of: model, file)
        post(
          .otherOpened(path: path, ComparedModel(model: description, images: digest, spec: spec)))
      }
    }
  }

  /// Reads vectors for the images of the open model.
  func openArray(_ path: String) {
    load { [self] in
      refusing(.array(path)) {
        guard let model = opened.withLock({ $0.current }) else { throw Refusal(.usage, "open a model first") }
        guard FileManager.default.fileExists(atPath: path) else {
          throw Refusal(.noSuchFile, "\(path): no such file")
        }
        let basis = try Basis(fileAt: path, for: model) { post(.said($0, isProblem: false)) }
        post(.arrayOpened(path: path, basis))
      }
    }
  }

  /// Lets models and images go that nobody looks at any more.
  func hold(models: Set<String>, images: Set<String>, seen: Int) {
    opened.withLock { $0.keep(models: models, sets: images, seen: seen) }
  }

  private func description(of model: OpenModel, _ path: String) -> OpenedModel {
    var entry = library.entry(forModelAt: path, options: model.options, inspected: true)
    let (reading, network) = (model.preprocessing, model.classifier.network)
    if reading.source == .images || reading.size.source == .images {
      // The file alone leaves open what its images settle.
      entry.problem = nil
      entry.smoothness = network.isPiecewiseLinear ? .piecewiseLinear : .smooth
      entry.pixels = reading.lines.joined(separator: ". ")
    }
    return OpenedModel(
      entry: entry, classifier: model.classifier,
      inputShape: model.imageShape.extents, classCount: model.classifier.network.classCount,
      options: (isNamed(path) ? options.preprocessingArguments : []) + readings.arguments(of: path))
  }

  /// Reads the bundled tour, or the one that was named; it begins at `step`, else where it was left.
  func openTour(at step: Int?) {
    load { [self] in
      do {
        let tour = try TourFile.open(options.tour, in: options.assets)
        post(.tour(tour, at: step ?? TourFile.place(of: tour.name)))
      } catch {
        post(.refused("\(error)"))
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

  /// Looks up what a path could go on with.
  func complete(_ path: String, models: Bool) {
    load { [self] in post(.completed(path, with: PathCompletion.completions(of: path, models: models))) }
  }

  func openImages(_ spec: String) {
    let spec = PathCompletion.expanded(spec)
    load { [self] in
      opened.withLock { $0.name(spec) }
      load(imagesAt: spec)
    }
  }

  /// Makes small pictures, and finds the cells that they take in these areas: a screen full of them takes longer than a
  /// key may.
  func showThumbnails(_ range: Range<Int>, preparing areas: [Size] = [], _ appearance: Appearance = .plain) {
    load { [self] in
      guard let set = opened.withLock({ $0.set }) else { return post(.thumbnails([:], of: range)) }
      let shown = range.clamped(to: 0..<set.count)
      let thumbnails = Dictionary(
        uniqueKeysWithValues: shown.compactMap { i in (try? set.image(i)).map { (i, Thumbnail($0)) } })
      prepare(thumbnails, Array(areas.prefix(1)), appearance)
      post(.thumbnails(thumbnails, of: range))
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
      for area in areas { CellPicture(thumbnail).prepare(in: area, appearance) }
    }
  }
}

// MARK: - Jobs

extension Laboratory {
  /// Queues the work; nil, and a sentence, where its model or its images are no longer open.
  func submit(_ request: Request) -> JobID? {
    guard let subject = subject(of: request) else {
      post(.notSubmitted(request, "its model or its images are no longer open"))
      return nil
    }
    let (store, aid) = (options.store, aid)
    let network = subject.own.model.classifier.network
    let extent = Extent(
      request.selection, classes: network.classCount, pixels: network.imageShape.entry.count)
    let plan = request.experiment.plan(
      on: extent, model: request.model, multiplyAdds: network.multiplyAdds)
    return jobs.submit(title: request.title, priority: request.priority, plan: plan) { job in
      if request.experiment is ReadingJudgement {
        let (judge, sample) = try subject.judgement()
        return try judge.finding(on: sample, in: store, aid: aid, job)
      }
      return try request.experiment.finding(on: subject.read(), in: store, aid: aid, job)
    }
  }

  /// What a request is asked of; nil where it is no longer open.
  private func subject(of request: Request) -> RequestedSubject? {
    opened.withLock { opened in
      let others = request.experiment.others.map { opened.part(model: $0.digest) }
      guard let own = opened.part(model: request.model, images: request.images),
        others.allSatisfy({ $0 != nil })
      else { return nil }
      return RequestedSubject(
        own: own, others: others.compactMap { $0 }, selection: request.selection, cache: cache)
    }
  }

  /// Looks up what earlier sessions found, in the order of the requests.
  func recall(_ requests: [Request]) {
    guard let store = options.store else { return }
    recalling.async { [self] in
      WorkerThread.prepare()
      for request in requests {
        guard let subject = try? subject(of: request)?.read(),
          let finding = request.experiment.knownFinding(on: subject, in: store)
        else { continue }
        post(.recalled(request, finding))
      }
    }
  }

  func cancel(_ id: JobID) { jobs.cancel(id) }

  func arrange(_ groups: [[JobID]]) { jobs.arrange(groups) }

  func cancelAll() { jobs.cancelAll() }
}

// MARK: - Opening

extension Laboratory {
  private func load(_ path: String, as name: String) {
    refusing(.model(name)) {
      let model = try OpenModel(
        path: path, options: profile(forModelAt: path), sizedBy: opened.withLock { $0.spec })
      opened.withLock { $0.open(model) }
      post(.modelOpened(description(of: model, path)))
      let (spec, isNamed) = opened.withLock { ($0.spec, $0.isNamed) }
      if let images = Library.images(for: model, instead: spec, isNamed: isNamed) {
        load(imagesAt: images)
      } else {
        opened.withLock { $0.closeSet() }
        post(.imagesWanted(Offer.pictures(for: model, set: Library.missingSet(of: model))))
      }
    }
  }

  private func load(imagesAt spec: String) {
    refusing(.images(spec)) {
      guard let model = opened.withLock({ $0.current }) else { throw Refusal(.usage, "open a model first") }
      do {
        try load(imagesAt: spec, for: model)
      } catch {
        if let offer = Offer(error, modelAt: model.path) {
          opened.withLock { $0.want(spec) }
          post(.offered(offer))
        }
        throw error
      }
    }
  }

  private func load(imagesAt spec: String, for opened: OpenModel) throws {
    var (model, set) = (opened, try opened.dataSet(spec))
    if let other = try model.scaled(as: set) {
      (model, set) = (other, try other.dataSet(spec))
      self.opened.withLock { $0.open(other) }
      post(.modelOpened(description(of: other, other.path)))
    }
    let matching = try model.matching(with: set)
    let truth = try model.truth(of: set, 0..<set.count, by: matching) ?? []
    let digest = try Self.digest(of: set, spec: spec, model)
    self.opened.withLock { $0.open(set, digest, spec: spec) }
    var images = OpenedImages(
      name: set.name, spec: spec, count: set.count, classNames: model.names(of: set, by: matching),
      truth: truth, digest: digest)
    images.remarks = set.remarks + [matching.sentence].compactMap { $0 }
    if options.isUnchosen, let exemplar = Exemplar.of(model, images: spec, in: options.assets) {
      images.first = min(exemplar.image, max(0, set.count - 1))
      images.remarks.append(exemplar.sentence)
    }
    post(.imagesOpened(images))
  }

  /// Tells sets of this session apart, by every file of theirs and how the model takes them; what is kept beyond it goes
  /// by the pixels of the images used.
  static func digest(of set: any DataSet, spec: String, _ model: OpenModel) throws -> String {
    let sample = try set.read(0..<min(set.count, 8)).images
    let truth = String(
      describing: try model.truth(of: set, 0..<set.count, by: model.matching(with: set)))
    var digest = Digest()
    for text in ["\(set.name) \(set.count)", truth] + FileStamp.all(at: spec) {
      digest.update(Array(text.utf8))
    }
    digest.update(sample)
    return digest.hexadecimal
  }

  /// With which status a command ends that could not open this; nil where it was not refused.
  func status(of opening: Opening) -> ExitStatus? { refusals.withLock { $0[opening] } }

  private func refusing(_ opening: Opening, _ body: () throws -> Void) {
    do {
      try body()
    } catch {
      refusals.withLock { $0[opening] = ExitStatus(of: error) }
      post(.notOpened(opening, "\(error)"))
    }
  }
}
