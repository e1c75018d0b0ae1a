// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// What files of VSM and MPMS3 hold, taken from their text.
enum GoldenVSM {
  static let real = [
    GoldenLoop(
      path: "qd_ppms_vsm/magmeas_MnAlC_VSM_MH.DAT", count: 4864,
      rows: [
        GoldenLoop.Row(
          index: 0, line: 37, time: 35310960.65, kelvin: 300.0058289, oersted: 159.3925,
          emu: -0.300012917328173),
        GoldenLoop.Row(
          index: 1621, line: 1659, time: 35313868.575, kelvin: 300.0046997, oersted: 1967.961,
          emu: 4.26476618053131),
        GoldenLoop.Row(
          index: 3242, line: 3280, time: 35316836.75, kelvin: 300, oersted: -167.5985, emu: -3.92765629699296),
        GoldenLoop.Row(
          index: 4863, line: 4901, time: 35319796.735, kelvin: 299.9994354, oersted: 0.105,
          emu: 3.77886307265876),
      ], model: "PPMS VSM Option Release 1.4.10 Build 1", measured: "2025-02-12T15:36:00",
      notes: ["comment", "rows-without-moment", "assumed-shape"]),
    GoldenLoop(
      path: "qd_ppms_vsm/quantumPPMS_MVSH_3K.DAT", count: 520,
      rows: [
        GoldenLoop.Row(
          index: 0, line: 25, time: 2827461.66, kelvin: 3.0027109, oersted: 20000.257,
          emu: -1.05639267791654E-5),
        GoldenLoop.Row(
          index: 173, line: 198, time: 2827733.49, kelvin: 2.9999813, oersted: -7497.3165,
          emu: -4.36788927805966E-5),
        GoldenLoop.Row(
          index: 346, line: 371, time: 2828017.89, kelvin: 2.99745605, oersted: -5742.888,
          emu: -5.9324960556891E-5),
        GoldenLoop.Row(
          index: 519, line: 544, time: 2828284.2, kelvin: 3.0015023, oersted: 19999.1055,
          emu: -1.16826110298571E-5),
      ], model: "PPMS VSM Option Release 1.3.7 Build 2", measured: "2017-06-20T17:24:00",
      notes: ["rows-without-moment"]),
    GoldenLoop(
      path: "qd_mpms3/BRimmler_MA2936_MH_300K.dat", count: 199,
      rows: [
        GoldenLoop.Row(
          index: 0, line: 46, time: 3842600520.58284, kelvin: 299.999206542969, oersted: 69999.828125,
          emu: -0.000415030383638286),
        GoldenLoop.Row(
          index: 66, line: 112, time: 3842602880.9573, kelvin: 300.00032043457, oersted: -40.8509826660156,
          emu: 5.08847725147115E-7),
        GoldenLoop.Row(
          index: 132, line: 178, time: 3842605729.0828, kelvin: 300, oersted: -41.5747680664063,
          emu: -2.90445221431872E-7),
        GoldenLoop.Row(
          index: 198, line: 244, time: 3842607937.53306, kelvin: 299.999649047852, oersted: 69999.4765625,
          emu: -0.000414546356567536),
      ], model: "MPMS3 Measurement Release 1.1.16 Build 424, MultiVu Release 2.3.4.19",
      measured: "2021-10-05T14:02:00", notes: ["sample-size"]),
    GoldenLoop(
      path: "qd_mpms3/nomad_MPMS_test.dat", count: 1122,
      rows: [
        GoldenLoop.Row(
          index: 0, line: 41, time: 3907409041.21466, kelvin: 1.99978995323181, oersted: 0.0363077335059643,
          emu: -0.000155412707237067),
        GoldenLoop.Row(
          index: 374, line: 415, time: 3907415356.7905, kelvin: 2.5001392364502, oersted: -0.399385094642639,
          emu: -0.000189656730245464),
        GoldenLoop.Row(
          index: 748, line: 789, time: 3907421471.60779, kelvin: 3.00032138824463, oersted: 0.254154145717621,
          emu: -0.000573967928250231),
        GoldenLoop.Row(
          index: 1121, line: 1162, time: 3907427193.53765, kelvin: 3.00021147727966, oersted: 69999.53125,
          emu: 1.0137917830553),
      ], model: "MPMS3 Measurement Release 1.1.16 Build 424, MultiVu Release 2.3.4.26",
      measured: "2023-10-25T15:00:00", notes: ["no-final-line-end"]),
    GoldenLoop(
      path: "qd_mpms3/MagnetoPy_mvsh3.dat", count: 141,
      rows: [
        GoldenLoop.Row(
          index: 0, line: 29, time: 3778189772, kelvin: 5.00263834, oersted: -69999.66406, emu: -0.055872575),
        GoldenLoop.Row(
          index: 47, line: 76, time: 3778191015, kelvin: 5.002637386, oersted: 4500.348145, emu: 0.039676804),
        GoldenLoop.Row(
          index: 94, line: 123, time: 3778192324, kelvin: 5.002499104, oersted: 4000.461426, emu: 0.039735612),
        GoldenLoop.Row(
          index: 140, line: 169, time: 3778193561, kelvin: 5.003013611, oersted: -70000.375, emu: -0.0557941),
      ], model: "MPMS3 Measurement Release 1.1.16 Build 399, MultiVu Release 2.3.4.15",
      measured: "2019-09-21T01:57:00", notes: ["dc-moment-fixed"]),
    GoldenLoop(
      path: "qd_mpms3/MagnetoPy_mvsh5.dat", count: 229,
      rows: [
        GoldenLoop.Row(
          index: 0, line: 43, time: 3874607983.63813, kelvin: 293.220718383789, oersted: -70000.0390625,
          emu: -0.000832562585055842),
        GoldenLoop.Row(
          index: 76, line: 119, time: 3874609943.67613, kelvin: 293.168472290039, oersted: 3250.234375,
          emu: 0.000913512200702972),
        GoldenLoop.Row(
          index: 152, line: 195, time: 3874612005.03615, kelvin: 293.242141723633, oersted: 3250.2099609375,
          emu: 0.000908880332304495),
        GoldenLoop.Row(
          index: 228, line: 271, time: 3874613959.29783, kelvin: 293.27214050293, oersted: -70000.421875,
          emu: -0.000831176891945647),
      ], model: "MPMS3 Measurement Release 1.1.16 Build 424, MultiVu Release 2.3.4.19",
      measured: "2022-10-10T23:44:00", notes: ["dc-moment-fixed", "comment", "rows-without-moment"]),
  ]

  static let samples = [
    GoldenLoop(
      path: "SampleData/QuantumDesignVSM/ppms-over-range.dat", count: 29,
      rows: [
        .init(index: 0, line: 24, time: 35309718.02, kelvin: 300, oersted: 50037.5, emu: 4.24998906808),
        .init(
          index: 9, line: 33, time: 35309820.35, kelvin: 300.00412, oersted: -14248.2143, emu: -1.47057526897),
        .init(
          index: 19, line: 44, time: 35309936.35, kelvin: 300.0015, oersted: -14248.2143, emu: -4.20177575008),
        .init(
          index: 28, line: 53, time: 35310038.68, kelvin: 300.00271, oersted: 50037.5, emu: 4.24906922016),
      ], model: "PPMS VSM Option Release 1.4.10 Build 1", measured: "2025-02-12T15:36:00",
      notes: ["comment", "rows-without-moment", "placeholder-value", "assumed-shape"]),
    GoldenLoop(
      path: "SampleData/QuantumDesignVSM/mpms3-dc-scan.dat", count: 31,
      rows: [
        .init(
          index: 0, line: 18, time: 3874607107.39468, kelvin: 293.22, oersted: 69988.875,
          emu: 0.0411997604056575),
        .init(
          index: 10, line: 29, time: 3874607368.57668, kelvin: 293.25, oersted: -23344.4583333,
          emu: -0.0365093734587962),
        .init(
          index: 20, line: 39, time: 3874607629.75868, kelvin: 293.28, oersted: -23344.4583333,
          emu: -0.0404983884987482),
        .init(
          index: 30, line: 49, time: 3874607890.94067, kelvin: 293.31, oersted: 69988.875,
          emu: 0.0411983159957402),
      ], model: "MPMS3 Measurement Release 1.1.16 Build 424, MultiVu Release 2.3.4.19",
      measured: "2022-10-10T23:44:00",
      notes: ["dc-moment-fixed", "comment", "rows-without-moment", "placeholder-value", "sample-size"]),
    GoldenLoop(
      path: "SampleData/QuantumDesignVSM/mpms3-resaved.dat", count: 25,
      rows: [
        .init(index: 0, line: 17, time: 3778189795, kelvin: 5.0026, oersted: 60021.5, emu: 0.031699959),
        .init(index: 8, line: 25, time: 3778189979, kelvin: 5.0034, oersted: -19978.5, emu: -0.029892430),
        .init(index: 16, line: 33, time: 3778190163, kelvin: 5.0042, oersted: -19978.5, emu: -0.031342703),
        .init(index: 24, line: 41, time: 3778190347, kelvin: 5.005, oersted: 60021.5, emu: 0.031699787),
      ], model: "MPMS3 Measurement Release 1.1.16 Build 399, MultiVu Release 2.3.4.15",
      measured: "2019-09-21T01:57:00", notes: []),
    GoldenLoop(
      path: "SampleData/QuantumDesignVSM/versalab-si.dat", count: 27,
      rows: [
        .init(index: 0, line: 14, time: 100, kelvin: 310.5, oersted: 2.9125, emu: 0.00212999),
        .init(index: 9, line: 23, time: 185.5, kelvin: 310.59, oersted: -1.10288, emu: -0.00187916),
        .init(index: 18, line: 32, time: 271, kelvin: 310.68, oersted: -0.65673, emu: -0.00204928),
        .init(index: 26, line: 40, time: 347, kelvin: 310.76, oersted: 2.9125, emu: 0.00212986),
      ], model: "VersaLab VSM Option (synthetic)", measured: "2024-03-07T00:05:00",
      notes: ["placeholder-value"],
      fieldInSI: { $0 / magneticConstant }, momentInSI: { $0 }),
  ]
}
