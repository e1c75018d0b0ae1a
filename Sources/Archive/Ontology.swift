// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis

/// Terms of the EMMO domain ontology of magnetic materials (https://w3id.org/emmo/domain/magnetic-materials).
enum Ontology {
  static let internalField = term("b727c447-8428-56ca-9e5a-5ced008760ad")
  static let demagnetisingFactor = term("0f2b5cc9-d00a-5030-8448-99ba6b7dfd1e")

  static func term(_ identifier: String) -> String {
    "https://w3id.org/emmo/domain/magnetic-materials#EMMO_" + identifier
  }
}

extension Characteristic {
  /// The name in words.
  var title: String {
    switch self {
    case .remanence: "remanence"
    case .coercivityHcB: "coercivity of the flux density"
    case .coercivityHcJ: "coercivity of the polarisation"
    case .energyProduct: "maximum energy product"
    case .kneeField: "knee field"
    case .kneeField95: "knee field at 95 %"
    case .kneeField80: "knee field at 80 %"
    case .irreversibleLoss2: "field of 2 % irreversible loss"
    case .irreversibleLoss5: "field of 5 % irreversible loss"
    case .irreversibleLoss10: "field of 10 % irreversible loss"
    case .squareness: "squareness"
    case .recoilPermeability: "relative recoil permeability"
    case .switchingFieldWidth: "width of the switching-field distribution"
    case .maximumPolarisation: "polarisation at the largest field"
    case .remanentMoment: "moment at zero applied field"
    }
  }

  /// The first schema of archives that has it.
  var since: Int64 {
    switch self {
    case .kneeField95, .kneeField80, .irreversibleLoss2, .irreversibleLoss5, .irreversibleLoss10,
      .switchingFieldWidth:
      2
    default: 1
    }
  }

  /// The usual symbol.
  var symbol: String {
    switch self {
    case .remanence: "B_r"
    case .coercivityHcB: "H_cB"
    case .coercivityHcJ: "H_cJ"
    case .energyProduct: "(BH)_max"
    case .kneeField: "H_k"
    case .kneeField95: "H_k95"
    case .kneeField80: "H_x80"
    case .irreversibleLoss2: "H_D2"
    case .irreversibleLoss5: "H_D5"
    case .irreversibleLoss10: "H_D10"
    case .squareness: "H_k/H_cJ"
    case .recoilPermeability: "mu_rec"
    case .switchingFieldWidth: "w_50"
    case .maximumPolarisation: "J_max"
    case .remanentMoment: "m_r"
    }
  }

  /// How it is defined.
  var definition: String {
    switch self {
    case .remanence: "polarisation at zero internal field"
    case .coercivityHcB: "magnitude of the internal field where B = 0"
    case .coercivityHcJ: "magnitude of the internal field where J = 0"
    case .energyProduct: "maximum of -B H in the second quadrant"
    case .kneeField: "magnitude of the internal field where J = 0.90 B_r"
    case .kneeField95: "magnitude of the internal field where J = 0.95 B_r"
    case .kneeField80: "magnitude of the internal field where J = 0.80 B_r"
    case .irreversibleLoss2: Self.irreversibleLoss("0.98")
    case .irreversibleLoss5: Self.irreversibleLoss("0.95")
    case .irreversibleLoss10: Self.irreversibleLoss("0.90")
    case .squareness: "knee field divided by coercivity of the polarisation"
    case .recoilPermeability:
      "slope of the recoil line B(H) divided by the magnetic constant, by the stated method"
    case .switchingFieldWidth:
      "distance of the internal fields where J without its linear part is +1/2 and -1/2 of its saturation"
    case .maximumPolarisation: "polarisation at the largest field of the loop"
    case .remanentMoment: "magnetic moment at zero applied field, when the volume is not known"
    }
  }

  private static func irreversibleLoss(_ share: String) -> String {
    "magnitude of the internal field where J = \(share) B_r - mu_0 (mu_rec - 1) |H|, mu_rec by the method that "
      + "the id names"
  }

  /// The ontology's term for it, where there is one of the same kind of quantity and definition.
  var term: String? {
    switch self {
    // The ontology's Remanence is a magnetisation in A/m; ours is a polarisation in T.
    case .remanence: Ontology.term("538226cb-bebb-53e5-bf37-0f12226228be")
    case .coercivityHcB: Ontology.term("69772e86-d7fb-5b43-9cd4-2f0770c6701f")
    case .coercivityHcJ: Ontology.term("0d67d6c5-a8a7-57d4-930a-e99412baa2c2")
    case .energyProduct: Ontology.term("e1028129-c23e-57ac-9174-2f34ddbf3926")
    case .kneeField: Ontology.term("ad0c038b-a09a-560c-b149-066de8f8e307")
    case .squareness: Ontology.term("4746f629-2b2f-5d43-b698-a81519eb2b2b")
    case .kneeField95, .kneeField80, .irreversibleLoss2, .irreversibleLoss5, .irreversibleLoss10,
      .recoilPermeability, .switchingFieldWidth, .maximumPolarisation, .remanentMoment:
      nil
    }
  }
}
