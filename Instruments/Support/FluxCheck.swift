// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Throws when B and J of one file do not agree, since then one of them is not what its name says.
///
/// All in SI; `field` is that inside the specimen.
func requireFlux(
  _ flux: [Double], of field: [Double], and polarisation: [Double], lines: [Int]
) throws(ReadError) {
  let largest = zip(flux, polarisation).reduce(0) { max($0, abs($1.0), abs($1.1)) }
  // Three columns printed with three decimals each may miss by about 0.1 % of the largest value.
  let tolerance = 0.002 * max(largest, field.reduce(0) { max($0, abs($1)) } * magneticConstant)
  for index in flux.indices {
    let expected = magneticConstant * field[index] + polarisation[index]
    guard abs(flux[index] - expected) <= tolerance else {
      throw ReadError(
        .malformed,
        "B is \(flux[index]) T where µ0·H + J gives \(expected) T; one of the columns H, B and J has a wrong unit, "
          + "name or sign", line: lines[index])
    }
  }
}
