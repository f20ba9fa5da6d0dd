internal import LinearAlgebra
internal import Synchronization
internal import Tensors

/// An operator that keeps every product it has given, and gives those again that are known from an earlier run.
///
/// An iteration that asks for the same products in the same order then goes on where the earlier run ended, at the
/// price of its own arithmetic alone, and gives the very same numbers.
final class RecordedOperator<Operator: SymmetricOperator>: SymmetricOperator {
  private struct Record {
    var products: [[Float]]
    var given = 0
  }

  let base: Operator
  private let record: Mutex<Record>

  /// - Parameters:
  ///   - base: gives the products that are not known.
  ///   - known: products of an earlier run, m×d in the order in which they were asked for.
  init(_ base: Operator, known: Tensor?) {
    self.base = base
    record = Mutex(
      Record(products: known.map { known in (0..<known.count).map { Array(known.entryElements($0)) } } ?? []))
  }

  var dimension: Int { base.dimension }

  func product(_ v: [Float]) throws -> [Float] { try recorded { try base.product(v) } }

  /// Another vector that an iteration asks for among its products.
  func recorded(_ compute: () throws -> [Float]) throws -> [Float] {
    let known = record.withLock { record -> [Float]? in
      guard record.given < record.products.count else { return nil }
      record.given += 1
      return record.products[record.given - 1]
    }
    if let known { return known }
    let product = try compute()
    record.withLock { record in
      record.products.append(product)
      record.given += 1
    }
    return product
  }

  /// All products so far, m×d.
  var products: Tensor {
    record.withLock { record in
      Tensor(shape: [record.products.count, base.dimension], elements: record.products.flatMap { $0 })
    }
  }
}
