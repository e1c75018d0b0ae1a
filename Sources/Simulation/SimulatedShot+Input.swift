// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension SimulatedShot {
  /// One input of the recorder.
  public struct Input: Hashable, Sendable {
    /// The coil's voltage for each recorded volt, as the setup states it.
    public var gain = 1.0
    /// The relative error of what is recorded, of coil and recorder together, which the setup does not know.
    public var gainError = 0.0
    /// Standard deviation of the white noise of each sample, V.
    public var noise = 1e-3
    /// A constant voltage, V.
    public var offset = 0.0
    /// The amplitude of the mains hum in what the voltage integrates to: % of Br for the pickup, of the pulse's
    /// amplitude for the field.
    public var humPercent = 0.0
    /// Bits of the converter, whose range is 1.25 times the largest voltage to both sides; nil for no steps.
    public var bits: Int?

    /// An input with 1 mV of noise and nothing else wrong.
    public init() {}

    /// What the recorder makes of a coil's voltages; the hum's amplitude is that of the coil, its step in rad.
    func recorded(
      _ samples: [Double], hum: Double, humStep: Double, from seeds: inout SplitMix64
    ) -> [Double] {
      var source = GaussianSource(seed: seeds.next())
      let phase = 2 * .pi * seeds.nextUniform()
      let scale = (1 + gainError) / gain
      var voltages = samples.indices.map { k in
        scale * samples[k] + offset + hum / gain * sin(Double(k) * humStep + phase)
      }
      if noise > 0 { for k in voltages.indices { voltages[k] += noise * source.next() } }
      guard let bits else { return voltages }
      let step = 2.5 * (voltages.map { abs($0) }.max() ?? 0) / Double(1 << min(max(bits, 1), 62))
      return step > 0 ? voltages.map { ($0 / step).rounded() * step } : voltages
    }
  }
}
