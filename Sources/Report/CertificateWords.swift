// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certificates
internal import Certification
internal import Measurements

/// The words of a certificate in its language and units.
struct CertificateWords {
  let text: Messages
  let units: DisplayUnits

  /// A key of the counts of a lot.
  func words(count key: String) -> String {
    if let result = Conformity(rawValue: key) { return text.words(result) }
    return key == "failed" ? text(.failed) : key == "unjudged" ? text(.unjudged) : printable(key)
  }

  /// The symbol with its name in the language, for the characteristics that certificates show.
  func title(_ row: ResultRow) -> String {
    let words = "\(row.column.symbol), \(text.name(of: row.characteristic) ?? row.column.title)"
    return row.temperature.map { text(.atTemperature, ["quantity": words, "temperature": $0]) } ?? words
  }

  private func origin(_ origin: Origin) -> String {
    switch origin {
    case .user: text(.fromUser)
    case .header: text(.fromHeader)
    case .data: text(.fromData)
    case .computed: text(.fromComputation)
    case .assumed: text(.fromAssumption)
    }
  }

  private func shape(_ name: String) -> String {
    let known: [String: Messages.Key] = [
      "cuboid": .cuboid, "cylinder": .cylinder, "sphere": .sphere, "ellipsoid": .ellipsoid,
    ]
    return known[name].map { text($0) } ?? printable(name)
  }

  /// A number of a specimen with its unit for people and its origin.
  private func number(
    _ number: CertifiedResult.Number?, perUnit factor: Double, _ unit: String, significant: Int = 5
  ) -> String? {
    number.map { number in
      let value = "\(shortText(number.value / factor, significant: significant)) \(unit)"
      return number.origin.map { "\(value) (\(origin($0)))" } ?? value
    }
  }

  /// The fields that are known, with their names in the language.
  func fields(_ rows: [(Messages.Key, String?)]) -> [(name: String, text: String)] {
    rows.compactMap { key, words in
      words.flatMap { $0.isEmpty ? nil : (text(key), printable($0)) }
    }
  }

  /// Parties, order and product.
  func fields(_ delivery: Delivery) -> [(name: String, text: String)] {
    func words(_ party: Party?) -> String? {
      party.map { [$0.name, $0.address, $0.accreditation].compactMap(\.self).joined(separator: "; ") }
    }
    let order = delivery.order.map { order in
      text(.orderWords, ["number": order.number, "item": order.item ?? "–", "date": order.date ?? "–"])
    }
    let product = delivery.product
    return fields([
      (.laboratory, words(delivery.laboratory)), (.manufacturer, words(delivery.manufacturer)),
      (.customer, words(delivery.customer)), (.order, order), (.product, product?.description),
      (.specification, product?.specification), (.drawing, product?.drawing),
      (.dimensions, product?.dimensions), (.delivered, product?.quantity), (.batch, product?.batch),
      (.condition, product?.condition), (.deliveryNote, product?.deliveryNote),
      (.operatorName, delivery.operatorName),
      (.performed, delivery.performed.flatMap { range([$0.begin, $0.end]) }),
    ])
  }

  /// One specimen with its conditions.
  func fields(_ result: CertifiedResult) -> [(name: String, text: String)] {
    let sample = result.sample
    let size = sample.size.map { size in
      size.values.map { shortText($0 * 1e3, significant: 5) }.joined(separator: " × ")
        + " mm (\(origin(size.origin)))"
    }
    let measured = result.source.measured.map {
      $0.split(separator: "T", maxSplits: 1).joined(separator: " ")
    }
    return fields([
      (.specimen, result.name), (.lot, sample.lot), (.material, sample.material),
      (.shape, sample.shape.map { [shape($0), size].compactMap(\.self).joined(separator: " ") }),
      (.mass, number(sample.mass, perUnit: 1e-6, "mg", significant: 6)),
      (.density, number(sample.density, perUnit: 1e3, "g/cm³")),
      (.volume, number(sample.volume, perUnit: 1e-9, "mm³")), (.instrument, instrument(result)),
      (.measured, measured), (.temperature, temperature([result])), (.circuit, circuit([result])),
      (.demagnetisingFactor, factor([result])), (.field, field([result])), (.sweepRate, rate(result)),
      (.budget, result.budgetName),
    ])
  }

  /// What all specimens of a lot were measured under: each different case once, numbers as ranges.
  func fields(_ results: [CertifiedResult]) -> [(name: String, text: String)] {
    let days = results.compactMap { $0.source.measured?.prefix(10).description }
    return fields([
      (.instrument, once(results.map(instrument))), (.measured, range(days)),
      (.material, once(results.compactMap(\.sample.material))), (.temperature, temperature(results)),
      (.circuit, circuit(results)), (.demagnetisingFactor, factor(results)), (.field, field(results)),
      (.budget, once(results.map(\.budgetName))),
    ])
  }

  private func instrument(_ result: CertifiedResult) -> String {
    let model = result.source.model.map { " (\($0))" } ?? ""
    return (result.source.instrument ?? text(.notKnown)) + model
  }

  private func temperature(_ results: [CertifiedResult]) -> String {
    let known = results.compactMap(\.conditions.temperature)
    guard known.count == results.count else { return text(.notKnown) }
    let words = range(known.sorted { $0.value < $1.value }.map { celsius($0.value) }) ?? ""
    return "\(words) (\(once(known.compactMap(\.origin).map(origin)) ?? ""))"
  }

  private func circuit(_ results: [CertifiedResult]) -> String? {
    once(results.map { $0.conditions.circuit == .open ? text(.open) : text(.closed) })
  }

  private func factor(_ results: [CertifiedResult]) -> String? {
    let known = results.map { $0.conditions.demagnetisingFactor }.sorted { $0 ?? -1 < $1 ?? -1 }
    return range(known.map { $0.map { "N = \(shortText($0, significant: 5))" } ?? text(.noneApplied) })
  }

  private func field(_ results: [CertifiedResult]) -> String? {
    let unit = DisplayUnit.field(units)
    let largest = results.compactMap(\.conditions.maximumField?.value).sorted()
    let kind = once(
      results.map { $0.conditions.field == .inside ? text(.internalField) : text(.appliedField) })
    guard let words = range(largest.map { shortText(unit.value($0), significant: 5) }), let kind else {
      return kind
    }
    return text(.largestField, ["field": kind, "value": "\(words) \(unit.symbol)"])
  }

  private func rate(_ result: CertifiedResult) -> String? {
    result.conditions.sweepRate.map { rate in
      let unit = DisplayUnit.field(units)
      return "\(shortText(unit.value(rate.value / 1000), significant: 4)) \(unit.symbol)/ms"
    }
  }

  /// Each different text once.
  func once(_ texts: [String]) -> String? {
    let different = texts.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return different.isEmpty ? nil : different.joined(separator: "; ")
  }

  /// The first and the last of texts in order, once when they are the same.
  private func range(_ texts: [String]) -> String? {
    guard let first = texts.first, let last = texts.last else { return nil }
    return first == last ? first : "\(first) … \(last)"
  }
}

extension CertifiedResult {
  /// The rows of the table of results: as measured, then reduced to another temperature, where limits are judged.
  func rows(_ units: DisplayUnits) -> [ResultRow] {
    let limits = (verdict?.characteristics ?? []).compactMap { decision in
      decision.limit.map {
        RowLimit(
          characteristic: decision.quantity, side: decision.side, limit: $0, result: decision.result,
          probability: decision.probabilityOfConformity, reason: decision.reason)
      }
    }
    let measured = ResultRow.rows(
      units, .certified, Self.numbers(quantities, absent), at: nil, reduced == nil ? limits : [])
    guard let reduced else { return measured }
    return measured
      + ResultRow.rows(
        units, .certified, Self.numbers(reduced.quantities, reduced.absent),
        at: reduced.temperature.map { celsius($0.value) } ?? "–", limits)
  }

  private static func numbers(_ values: [String: Value], _ absent: [Missing]) -> [Characteristic: RowNumbers]
  {
    var numbers: [Characteristic: RowNumbers] = [:]
    for missing in absent {
      numbers[missing.quantity] = RowNumbers(
        lowerBound: missing.lowerBound, absence: Flag.Code(rawValue: missing.reason)?.words ?? missing.reason)
    }
    for (key, value) in values {
      guard let characteristic = Characteristic(rawValue: key) else { continue }
      numbers[characteristic] = RowNumbers(
        value: value.value, expandedUncertainty: value.expandedUncertainty ?? 0,
        coverageFactor: value.coverageFactor ?? 0)
    }
    return numbers
  }

  /// The coverage probabilities of its values in words.
  var coverageWords: [String] {
    Set(quantities.values.compactMap(\.coverageProbability)).sorted()
      .map { "\(shortText($0 * 100, significant: 4))\u{A0}%" }
  }
}

extension CertifiedResult.Judgement {
  /// The deciding limit, such as `HcJ ≥ 1592 kA/m (69.15 %)`; the first reason when no limit decided.
  func decidingWords(_ units: DisplayUnits) -> String {
    if result == .undetermined, let reason = reasons.first { return reason }
    let worst = characteristics.filter { $0.result == result && $0.limit != nil }
    let deciding = worst.min { ($0.probabilityOfConformity ?? 0) < ($1.probabilityOfConformity ?? 0) }
    guard let deciding, let limit = deciding.limit else { return reasons.first ?? "" }
    return Column(deciding.quantity, units).limitWords(
      deciding.side, limit, probability: deciding.probabilityOfConformity)
  }
}
