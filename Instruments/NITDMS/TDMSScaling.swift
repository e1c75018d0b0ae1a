// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The scales that NI drivers leave to the reader: properties `NI_Scale[i]_…` of a channel, its group or the file.
struct TDMSScaling {
  private enum Scale {
    case linear(slope: Double, intercept: Double)
    case polynomial([Double])
    /// Kept by the driver for its own use; changes nothing.
    case none

    func apply(_ value: Double) -> Double {
      switch self {
      case .linear(let slope, let intercept): value * slope + intercept
      case .polynomial(let coefficients): coefficients.reversed().reduce(0) { $0 * value + $1 }
      case .none: value
      }
    }
  }

  /// In the order of application.
  private let scales: [Scale]

  /// The scales of a channel; nil when it has none or they were applied when it was written.
  init?(_ properties: (String) -> TDMSValue?, channel: String) throws(ReadError) {
    guard let claimed = properties("NI_Number_Of_Scales")?.number, claimed >= 1 else { return nil }
    if properties("NI_Scaling_Status")?.text == "scaled" { return nil }
    func fault(_ what: String) -> ReadError {
      ReadError(
        .malformed, "\(what); save the scaled values as numbers", column: channel)
    }
    func number(_ name: String) throws(ReadError) -> Double {
      guard let number = properties(name)?.number, number.isFinite else {
        throw fault("its scaling has no number “\(name)”")
      }
      return number
    }
    guard let count = Int(exactly: claimed), count < 1000 else { throw fault("it has \(claimed) scales") }
    // The last scale is the result; each names the one before it, or the raw data.
    var applied: [Scale] = []
    var index = count - 1
    while true {
      let prefix = "NI_Scale[\(index)]_"
      let type = properties(prefix + "Scale_Type")?.text ?? "of DAQmx"
      switch type {
      case "Linear":
        applied.append(
          .linear(
            slope: try number(prefix + "Linear_Slope"), intercept: try number(prefix + "Linear_Y_Intercept")))
      case "Polynomial":
        let size = properties(prefix + "Polynomial_Coefficients_Size")?.number ?? 4
        guard let terms = Int(exactly: size), (1...64).contains(terms) else {
          throw fault("its polynomial has \(size) coefficients")
        }
        applied.append(
          .polynomial(
            try (0..<terms).map { term throws(ReadError) in
              try number(prefix + "Polynomial_Coefficients[\(term)]")
            }))
      case "AdvancedAPI": applied.append(.none)
      default: throw fault("its scale is “\(type)”, and only linear and polynomial ones are applied")
      }
      let source = properties("\(prefix)\(type)_Input_Source")?.number ?? Double(UInt32.max)
      if source == Double(UInt32.max) { break }
      guard let before = Int(exactly: source), before >= 0, before < index else {
        throw fault("scale \(index) takes its input from “\(source)”, which is no scale before it")
      }
      index = before
    }
    scales = applied.reversed()
  }

  func apply(to values: [Double]) -> [Double] {
    values.map { value in scales.reduce(value) { $1.apply($0) } }
  }
}
