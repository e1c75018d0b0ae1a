// SPDX-License-Identifier: GPL-3.0-or-later
import LotStatistics
import Testing

@Suite struct RunningValuesTests {
  // A lot of 100000: 1.3 with a deviation of 0.005, and a large common part that must not cost digits.
  @Test(arguments: [0.0, 1.3, 1.7e6, -1e9]) func areTheMomentsOfAllValues(offset: Double) {
    let spread = offset == 0 ? 1 : 0.004 * abs(offset)
    var state: UInt64 = 1
    let values = (0..<100_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return offset + spread * (Double(state >> 11) * 0x1p-53 - 0.5)
    }
    let (found, expected) = (RunningValues(values), Moments(values))
    #expect(found.moments.count == expected.count)
    // Rounding of 10⁵ sums of numbers of the size of the spread, and of the mean itself.
    #expect(abs(found.moments.mean - expected.mean) <= 1e-12 * spread + 4 * expected.mean.ulp)
    #expect(abs(found.moments.standardDeviation / expected.standardDeviation - 1) < 1e-11)
    #expect(found.least == values.min() && found.largest == values.max())
  }

  @Test func oneValueDoesNotVary() {
    #expect(RunningValues().count == 0)
    let one = RunningValues([2.5])
    #expect(one.moments.mean == 2.5 && one.moments.standardDeviation == 0)
    let equal = RunningValues(Array(repeating: 0.1, count: 1000))
    #expect(equal.moments.mean == 0.1 && equal.moments.standardDeviation == 0)
  }

  @Test func valuesThatCannotBeReckonedWithAreNamed() throws {
    let limits = try SpecificationLimits(lower: 1)
    func sentence(_ values: [Double]) -> String {
      do throws(LotStatisticsError) {
        _ = try ProcessCapability(individuals: RunningValues(values), limits: limits)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(sentence([1, 2, .nan, 3, .infinity]).contains("value 3 of 5 is nan"))
    #expect(sentence([1, 2, .infinity]).contains("value 3 of 3 is inf"))
    #expect(sentence([1, 2, 1e300]).contains("from 1.0 to 1e+300"))
  }
}
